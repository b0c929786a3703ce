// S1 of a start: locks the state folder, verifies everything its newest manifest reaches, and
// deletes what no manifest reaches. Called by the coordinating thread once per start. Errors:
// state_locked, state_corrupt or state_version naming the file, io_failed; nothing is deleted
// before all is verified, and an older manifest is never used instead of a damaged one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checkpoint/decisions.hpp"
#include "env/environment.hpp"
#include "storage/manifest.hpp"
#include "storage/published_note.hpp"
#include "storage/state_folder.hpp"

namespace sluice {

// A spool that the newest manifest lists.
struct KeptSpool {
  ManifestSpool entry;
  MarkerPoint after;

  SpoolFacts facts() const { return {entry.point(), after, entry.is_published}; }
};

struct FolderContents {
  StateFolder folder;
  std::string uid;
  std::optional<LoadedManifest> newest;  // none: no checkpoint has been decided
  std::optional<Manifest> previous;
  std::vector<KeptSpool> spools;
  PublishedNote note;
};

Result<FolderContents> load_folder(const std::string& path, const Environment& environment);

}  // namespace sluice
