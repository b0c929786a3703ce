#include "dataflow/marker_claim.hpp"

namespace sluice {

bool is_unused(const Marker& marker) {
  return marker.epoch == Epoch() && marker.checksum == 0 && marker.operations_done == 0;
}

Error changed_marker(const PublisherIds& ids) {
  return {ErrorCode::target_refused,
          "the marker of " + ids.target_id + " changed while it was claimed",
          Retry::never,
          {}};
}

Result<Marker> claim_marker(const PublisherIds& ids, const std::optional<Marker>& found,
                            const std::optional<Marker>& expected) {
  const Marker first{ids.uid, ids.owner, Epoch(0), 0, 0, 0};
  if (!found && !expected) return first;
  if (!found || found->uid != (expected ? expected->uid : ids.uid))
    return fail(changed_marker(ids));
  if (found->uid != ids.uid) {
    if (is_unused(*found)) return first;
    return fail(changed_marker(ids));
  }
  if (expected && found->epoch < expected->epoch) return fail(changed_marker(ids));
  Marker marker = *found;
  marker.owner = ids.owner;
  return marker;
}

}  // namespace sluice
