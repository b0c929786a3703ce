// The marker that a folder keeps for one target: `.sluice-<target id>.marker`, replaced as a whole
// whenever an epoch is published. It says how long every file is with that epoch, so that what a
// crash left behind it can be cut off. Lines of text, the last one a checksum of those before it:
//
//   sluice file marker 1
//   uid <text>, owner <text>, epoch <n>, checksum <n>, rejects <n>     one a line
//   file <length> <path>                                               for every file written
//   sum <XXH3>
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "dataflow/publisher.hpp"
#include "env/filesystem.hpp"

namespace sluice::file {

struct FileMarker {
  Marker marker;
  std::map<std::string, uint64_t> lengths;  // by path inside the folder
};

std::string marker_name(const std::string& target_id);
bool is_marker_name(const std::string& name);

// None when there is no marker. Errors: io_failed, target_refused for one that is damaged.
Result<std::optional<FileMarker>> read_marker(Filesystem& filesystem, const std::string& path);
// Durable when it returns; after an Error the old or the new marker stands.
Status write_marker(Filesystem& filesystem, const std::string& path, const FileMarker& marker);

}  // namespace sluice::file
