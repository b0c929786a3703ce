// The publisher of files. A target is a folder; each of its files belongs to one pipeline. An epoch
// is published in this order, so that a crash anywhere leaves the old epoch or the new one:
//
//   1. files that the marker does not name yet are entered with the length they have, durably;
//   2. what lies beyond the marker's lengths (a torn attempt) is cut off, durably;
//   3. the lines are appended, the files synced, then the folders of new files;
//   4. the marker is replaced: written beside, synced, renamed, its folder synced. This decides.
//
// A plain reader may see lines of an epoch that is not decided yet; one that must not reads each
// file up to the length in the marker. A lock file keeps two processes from publishing at once; the
// owner in the marker tells which of them may.
#pragma once

#include "dataflow/connector.hpp"

namespace sluice::file {

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request);

}  // namespace sluice::file
