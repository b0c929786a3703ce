// What a claim makes of a target's marker: the rules that are the same for every kind of target.
// Pure; called by publishers, inside whatever keeps others from moving the marker meanwhile.
#pragma once

#include <optional>

#include "dataflow/publisher.hpp"

namespace sluice {

// Claimed, and nothing published: whose it is does not matter yet.
bool is_unused(const Marker& marker);

// The marker to write for a claim by `ids`, when `found` is there now and look() had found
// `expected`. One that another state folder left unused becomes ours, if look() found it so: then
// the start has decided to take it. Error target_refused: it is not any more what was decided on.
Result<Marker> claim_marker(const PublisherIds& ids, const std::optional<Marker>& found,
                            const std::optional<Marker>& expected);

// The error of a marker that is not any more what was decided on.
Error changed_marker(const PublisherIds& ids);

}  // namespace sluice
