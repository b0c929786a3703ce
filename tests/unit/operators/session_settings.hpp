// Settings of sessions, as tests write them. Plain functions.
#pragma once

#include <memory>

#include "unit/operators/aggregate_settings.hpp"
#include "windows/kinds/session.hpp"

namespace sluice::test {

// ts timestamptz, k text, v int -> window_start, window_end, k, the calls; a partition for each k.
// A session is open for a microsecond after its end, as plan says.
inline WindowAggregateSettings sessions(int64_t gap_us, std::vector<AggregateCall> calls) {
  WindowAggregateSettings settings = windowed(tumble(minute_us), std::move(calls));
  settings.window = std::make_shared<SessionWindow>(gap_us);
  settings.partition = {1};
  settings.lag_us = 1;
  return settings;
}

}  // namespace sluice::test
