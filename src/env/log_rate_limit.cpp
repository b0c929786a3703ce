#include "env/log_rate_limit.hpp"

#include <utility>

namespace sluice {

std::optional<uint64_t> LogRateLimit::admit(std::string_view source, int64_t now_us) {
  const std::lock_guard guard(mutex_);
  auto found = windows_.find(source);
  if (found == windows_.end()) {
    found = windows_.emplace(std::string(source), Window{.start_us = now_us}).first;
  }
  Window& window = found->second;
  if (now_us - window.start_us >= window_us) {
    window.start_us = now_us;
    window.written = 0;
  }
  if (window.written >= lines_per_window) {
    ++window.dropped;
    return std::nullopt;
  }
  ++window.written;
  return std::exchange(window.dropped, 0);
}

}  // namespace sluice
