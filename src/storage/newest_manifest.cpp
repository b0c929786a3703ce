#include "storage/newest_manifest.hpp"

#include <algorithm>

#include "storage/state_folder.hpp"

namespace sluice {

namespace {

// Each is one deletion by the pipeline between our look at the folder and at the file.
constexpr int most_tries = 10;

Result<Epoch> newest_epoch(Filesystem& filesystem, const std::string& folder) {
  Epoch newest;
  SLUICE_ASSIGN(const std::vector<std::string> names, filesystem.list(folder));
  for (const std::string& name : names) {
    const auto parsed = parse_state_file_name(name);
    if (!parsed || parsed->kind != StateFileName::Kind::manifest) continue;
    newest = std::max(newest, parsed->epoch);
  }
  return newest;
}

}  // namespace

Result<std::optional<LoadedManifest>> read_newest_manifest(Filesystem& filesystem,
                                                           const std::string& folder) {
  if (!filesystem.exists(folder)) return std::nullopt;
  for (int tries = 1;; ++tries) {
    SLUICE_ASSIGN(const Epoch newest, newest_epoch(filesystem, folder));
    if (newest == Epoch()) return std::nullopt;
    const std::string path = folder + "/" + manifest_name(newest);
    auto loaded = read_manifest(filesystem, path);
    if (loaded) return std::optional(std::move(*loaded));
    if (filesystem.exists(path) || tries == most_tries) return fail(std::move(loaded).error());
  }
}

}  // namespace sluice
