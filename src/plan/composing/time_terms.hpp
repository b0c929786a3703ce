// Comparisons of two time columns, each plus or minus a constant interval. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "expr/expression.hpp"

namespace sluice {

constexpr int64_t day_us = 86'400'000'000;
// What clock changes may add to or take from a number of days.
constexpr int64_t day_slack_us = 3 * 3'600'000'000;

// column + offset. Days of a timestamptz last 24 hours give or take `slack`.
struct TimeTerm {
  size_t column;
  int64_t offset_us = 0;
  int64_t slack_us = 0;
};

enum class TimeOrder : uint8_t { less, less_or_equal, equal, greater_or_equal, greater };
TimeOrder turn(TimeOrder order);

struct TimeComparison {
  TimeTerm left;
  TimeTerm right;
  TimeOrder order;
};

// None for anything else, also for months.
std::optional<TimeComparison> read_time_comparison(const Expression& expression);

}  // namespace sluice
