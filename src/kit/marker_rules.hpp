// What publishers make of a target's marker: the rules that are the same for every kind of target,
// and how each is told when it is broken. Pure; called by publishers, inside whatever keeps others
// from moving the marker meanwhile.
#pragma once

#include <optional>

#include "dataflow/publisher.hpp"

namespace sluice {

// The marker to write for a claim by `ids`, when `found` is there now and look() had found
// `expected`. One that another state folder left unused becomes ours, if look() found it so: then
// the start has decided to take it. Error target_refused: it is not any more what was decided on.
Result<Marker> claim_marker(const PublisherIds& ids, const std::optional<Marker>& found,
                            const std::optional<Marker>& expected);

// The marker that is there, when it is ours. Errors: target_refused when there is none, with the
// ways out; fenced when another process has claimed it since.
Result<Marker> own_marker(const PublisherIds& ids, const std::optional<Marker>& found);

// Whether the target shows the epoch that the next one is to follow. Error target_refused.
Status check_follows(const PublisherIds& ids, const Marker& shown, const Marker& after);

// The marker that goes with an epoch, all of it.
Marker marker_with(const PublishRequest& request, uint64_t rejects_checksum = 0);

Error fenced(const PublisherIds& ids);

}  // namespace sluice
