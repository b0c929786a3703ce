#include "kit/marker_rules.hpp"

#include "dataflow/lost_marker.hpp"

namespace sluice {

namespace {

Unexpected changed_marker(const PublisherIds& ids) {
  return fail(ErrorCode::target_refused,
              "the marker of " + ids.target_id + " changed while it was claimed");
}

}  // namespace

Result<Marker> claim_marker(const PublisherIds& ids, const std::optional<Marker>& found,
                            const std::optional<Marker>& expected) {
  const Marker first{ids.uid, ids.owner, Epoch(0)};
  if (!found && !expected) return first;
  if (!found || found->uid != (expected ? expected->uid : ids.uid)) return changed_marker(ids);
  if (found->uid != ids.uid) {
    if (is_unused(*found)) return first;
    return changed_marker(ids);
  }
  if (expected && found->epoch < expected->epoch) return changed_marker(ids);
  Marker marker = *found;
  marker.owner = ids.owner;
  return marker;
}

Result<Marker> own_marker(const PublisherIds& ids, const std::optional<Marker>& found) {
  if (!found) {
    return fail(ErrorCode::target_refused, "the marker of " + ids.target_id + " is gone",
                lost_marker_advice);
  }
  if (found->owner != ids.owner) return fail(fenced(ids));
  return *found;
}

Status check_follows(const PublisherIds& ids, const Marker& shown, const Marker& after) {
  if (shown.epoch == after.epoch && shown.checksum == after.checksum) return {};
  return fail(ErrorCode::target_refused,
              "the marker of " + ids.target_id + " is not where this pipeline left it");
}

Marker marker_with(const PublishRequest& request, uint64_t rejects_checksum) {
  Marker marker = request.after;
  marker.epoch = request.epoch;
  marker.checksum = request.checksum;
  marker.rejects_checksum = rejects_checksum;
  marker.has_begun = false;
  return marker;
}

Error fenced(const PublisherIds& ids) {
  return {ErrorCode::fenced, "another process has taken over " + ids.target_id, Retry::never, {}};
}

}  // namespace sluice
