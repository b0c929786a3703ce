#include "storage/saved_progress.hpp"

#include <tuple>

namespace sluice {

namespace {

auto fields(const SavedSplit& saved) {
  const SplitPosition& position = saved.position;
  return std::tie(saved.source, saved.split.stream, saved.split.partition, position.next_offset,
                  position.last_timestamp_us, position.last_hash, position.stream_id,
                  saved.finished, saved.clocks);
}

}  // namespace

bool SavedSplit::operator==(const SavedSplit& other) const {
  return fields(*this) == fields(other);
}

}  // namespace sluice
