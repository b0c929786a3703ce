// RestartPolicy: whether and when a failed run of a pipeline is started again. Pure; one owner.
//
// Errors that doing it again cannot mend fail the pipeline at once. Others are tried again after a
// delay that doubles; a completed checkpoint resets it. An outage of a server is waited out for
// ever; anything else that fails again and again without a checkpoint in between is a crash loop,
// and fails the pipeline with its cause.
#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"

namespace sluice {

class RestartPolicy {
 public:
  static constexpr int64_t first_delay_us = 250'000;
  static constexpr int64_t longest_delay_us = 30'000'000;
  static constexpr int crash_loop_failures = 10;

  // After a run that failed. Microseconds to wait before the next start; none: give up.
  std::optional<int64_t> on_failure(const Error& error, bool completed_a_checkpoint);

 private:
  int failures_ = 0;  // in a row, without a checkpoint in between
};

}  // namespace sluice
