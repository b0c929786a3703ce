// Rejects files: the operations of one epoch that its target refused at publish. Replaced, durably,
// by each attempt before its commit; the committed marker holds the file's checksum, so that the
// file of the attempt that won is known. Pure functions over the Filesystem; called by the
// publishing thread of the target, and at start. Errors as in storage/block_file.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "storage/block_file.hpp"

namespace sluice {

struct StoredReject {
  uint64_t operation = 0;  // index within the epoch
  std::string sink;        // name
  std::string bytes;       // the operation
  std::string row;         // its row as a JSON object, when the target could say; may be empty
  Error error;
};

// Writes the file under a temporary name, syncs and renames it; returns its checksum.
Result<uint64_t> replace_rejects(Filesystem& filesystem, const std::string& path, Epoch epoch,
                                 const std::vector<StoredReject>& rejects);

// Verified, against `checksum` too unless it is 0.
Result<std::vector<StoredReject>> read_rejects(Filesystem& filesystem, const std::string& path,
                                               uint64_t checksum);

}  // namespace sluice
