// LogRateLimit: how many lines of one source (a pipeline's error code) a log takes per window, so
// that a fault met by every record does not fill the disk, nor hide what others have to say. Owned
// by a Log; thread-safe; never fails. The number of pipelines and codes bounds its size.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

class LogRateLimit {
 public:
  static constexpr uint32_t lines_per_window = 10;
  static constexpr int64_t window_us = 10'000'000;

  // nullopt: drop this line. Otherwise write it; the number is how many lines of the source were
  // dropped since the last one written. now_us is monotonic.
  std::optional<uint64_t> admit(std::string_view source, int64_t now_us);

 private:
  struct Window {
    int64_t start_us = 0;
    uint32_t written = 0;
    uint64_t dropped = 0;
  };
  std::mutex mutex_;
  std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace sluice
