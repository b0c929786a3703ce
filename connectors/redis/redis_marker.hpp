// The marker as Redis keeps it, one string. A target that takes epochs in pieces also says how far
// the one after `marker.epoch` has come.
#pragma once

#include <string>

#include "dataflow/publisher.hpp"

namespace sluice::redis {

struct RedisMarker {
  Marker marker;
  uint64_t operations_done = 0;  // of the next epoch: already written or rejected
  // Some of those were rejected. They are recorded nowhere before the epoch is whole.
  bool has_open_rejects = false;
};

std::string encode_marker(const RedisMarker& marker);
// Error target_refused for one of an unknown form.
Result<RedisMarker> decode_marker(const std::string& text);

}  // namespace sluice::redis
