#include "connectors/redis/redis_marker.hpp"

#include <sstream>

namespace sluice::redis {

std::string encode_marker(const RedisMarker& marker) {
  const auto& [shown, operations_done, has_open_rejects] = marker;
  std::ostringstream text;
  text << "2 " << shown.uid << ' ' << shown.owner << ' ' << shown.epoch.value << ' '
       << shown.checksum << ' ' << shown.rejects_checksum << ' ' << operations_done << ' '
       << has_open_rejects;
  return text.str();
}

Result<RedisMarker> decode_marker(const std::string& text) {
  std::istringstream in(text);
  int version = 0;
  RedisMarker read;
  Marker& marker = read.marker;
  if (in >> version >> marker.uid >> marker.owner >> marker.epoch.value >> marker.checksum >>
          marker.rejects_checksum >> read.operations_done >> read.has_open_rejects &&
      version == 2) {
    marker.has_begun = read.operations_done > 0;
    return read;
  }
  return fail(ErrorCode::target_refused, "Redis holds a marker of an unknown form");
}

}  // namespace sluice::redis
