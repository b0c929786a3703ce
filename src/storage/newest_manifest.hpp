// The newest manifest of a state folder, read from beside: without its lock, while a pipeline may
// be using it. Errors as in storage/block_file.hpp.
#pragma once

#include <optional>
#include <string>

#include "storage/manifest.hpp"

namespace sluice {

// None: there is no folder, or nothing has been decided in it.
Result<std::optional<LoadedManifest>> read_newest_manifest(Filesystem& filesystem,
                                                           const std::string& folder);

}  // namespace sluice
