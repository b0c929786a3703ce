// The digest of what a pipeline's files say, by which two readings of them are compared. Comments,
// layout, `tests` and which of the files a section stands in do not count; the values of ${env:…}
// and ${secret:…} do, as they were when they were read. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "config/node.hpp"

namespace sluice {

// `roots` are the documents, the pipeline's own first; `connections` have their values in place.
// Secrets are part of it: it is never shown or stored.
uint64_t content_digest(const std::vector<Node>& roots, const std::vector<Node>& connections);

}  // namespace sluice
