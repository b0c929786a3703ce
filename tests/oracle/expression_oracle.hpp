// ExpressionOracle: a fixture that evaluates expressions over samples with the engine and on a real
// PostgreSQL, and compares the answers: same value or same class of error. What may differ is
// listed in expression_oracle.cpp with its reason, counted, and bounded by the tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "oracle/engine.hpp"
#include "oracle/expression_generator.hpp"
#include "oracle/oracle.hpp"

namespace sluice::test {

// SLUICE_ORACLE_SEED, or 1.
uint64_t seed_of_run();

struct Coverage {
  size_t compared = 0;
  size_t values = 0;
  size_t nulls = 0;
  size_t errors = 0;
  size_t past_limits = 0;
  size_t known = 0;
  size_t older = 0;  // answers of a server that is older than those the engine stands by

  void operator+=(const Coverage& other);
  std::string text() const;
};

class ExpressionOracle : public testing::Test {
 protected:
  ExpressionOracle();

  // Counts and compares the answers of one question; the first differences are reported.
  void compare(const Question& question, const std::vector<Answer>& own,
               const std::vector<Answer>& theirs, Coverage& coverage);
  // Asks both sides.
  void compare_all(const std::vector<Question>& questions, std::vector<Coverage>& coverages);
  void report(const std::string& sql, size_t row, const Answer& own, const Answer& theirs);
  bool is_older(const std::string& sql, size_t row, const Answer& own, const Answer& theirs);
  // Of the columns that stand in the expression, a line each.
  std::string values_of(const std::string& sql, size_t row) const;

  // Three expressions that `next` gives, and more until one of them has a value: few of the dates
  // that make_date is asked for exist.
  std::vector<std::string> draw(const std::function<std::string()>& next);
  static std::vector<size_t> first_rows(size_t count);
  static std::vector<size_t> all_rows() { return first_rows(Samples::rows); }

  uint64_t seed_;
  std::mt19937_64 random_;
  Samples samples_;
  Oracle oracle_;
  Engine engine_;
  ExpressionGenerator generator_;
  size_t differences_ = 0;
  std::map<std::string_view, size_t> known_by_reason_;
};

}  // namespace sluice::test
