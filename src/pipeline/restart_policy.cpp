#include "pipeline/restart_policy.hpp"

#include <algorithm>

namespace sluice {

std::optional<int64_t> RestartPolicy::on_failure(const Error& error, bool completed_a_checkpoint) {
  if (error.retry == Retry::never) return std::nullopt;
  failures_ = completed_a_checkpoint ? 1 : failures_ + 1;
  if (error.domain() != ErrorDomain::external && failures_ >= crash_loop_failures)
    return std::nullopt;
  const int doublings = std::min(failures_ - 1, 16);
  return std::min(longest_delay_us, first_delay_us << doublings);
}

}  // namespace sluice
