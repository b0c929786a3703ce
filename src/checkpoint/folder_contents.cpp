#include "checkpoint/folder_contents.hpp"

#include <algorithm>

#include "storage/spool_file.hpp"

namespace sluice {

namespace {

constexpr Epoch every_epoch{UINT64_MAX};

Status check_present(const StateFolder& folder, const std::string& name) {
  if (folder.filesystem().exists(folder.path_of(name))) return {};
  return fail_corrupt(folder.path_of(name), "it is missing");
}

Status check_identity(const FolderContents& contents) {
  const Manifest& manifest = contents.newest->manifest;
  if (manifest.uid == contents.uid) return {};
  return fail_corrupt(contents.folder.path_of("UID"),
                      "it is not the identity that the newest manifest names");
}

Status verify_state(const FolderContents& contents) {
  bool is_first = true;
  for (const ManifestStateFile& file : contents.newest->manifest.state_files) {
    SLUICE_TRY(check_present(contents.folder, file.name));
    const std::string path = contents.folder.path_of(file.name);
    if (is_first != (file.kind == SnapshotKind::full)) {
      return fail_corrupt(path, "a full state file must come first, and deltas follow it");
    }
    SLUICE_TRY(verify_block_file(contents.folder.filesystem(), path, FileKind::state, file.seal));
    is_first = false;
  }
  return {};
}

Result<KeptSpool> verify_kept(const StateFolder& folder, const ManifestSpool& entry) {
  SLUICE_TRY(check_present(folder, entry.name));
  const std::string path = folder.path_of(entry.name);
  SLUICE_ASSIGN(const SpoolSummary summary, verify_spool(folder.filesystem(), path, entry.seal));
  if (summary.header.epoch != entry.epoch || summary.header.target != entry.target) {
    return fail_corrupt(path, "it is of another epoch or target than its name says");
  }
  KeptSpool kept{entry, summary.after};
  const bool is_first = summary.after.epoch == Epoch();
  if (!is_first && summary.after.checksum == same_decision) {
    kept.after.checksum = entry.decision.checksum;
  }
  return kept;
}

// The manifest before the newest is kept for people; when it does not load it is let go.
std::optional<Manifest> load_previous(const FolderContents& contents,
                                      const Environment& environment) {
  const Epoch epoch = contents.newest->manifest.previous;
  const std::string path = contents.folder.path_of(manifest_name(epoch));
  if (!environment.filesystem->exists(path)) return std::nullopt;
  auto loaded = read_manifest(*environment.filesystem, path);
  if (loaded) return std::move(loaded->manifest);
  environment.log->warning("the manifest before the newest is unreadable", loaded.error());
  return std::nullopt;
}

Status load_newest(FolderContents& contents, Epoch epoch, const Environment& environment) {
  const std::string path = contents.folder.path_of(manifest_name(epoch));
  SLUICE_ASSIGN(contents.newest, read_manifest(*environment.filesystem, path));
  if (contents.newest->manifest.epoch != epoch) {
    return fail_corrupt(path, "it is of another epoch than its name says");
  }
  SLUICE_TRY(check_identity(contents));
  SLUICE_TRY(verify_state(contents));
  for (const ManifestSpool& entry : contents.newest->manifest.spools) {
    SLUICE_ASSIGN(KeptSpool kept, verify_kept(contents.folder, entry));
    contents.spools.push_back(std::move(kept));
  }
  contents.previous = load_previous(contents, environment);
  return {};
}

}  // namespace

Result<FolderContents> load_folder(const std::string& path, const Environment& environment) {
  SLUICE_ASSIGN(StateFolder folder, StateFolder::open(*environment.filesystem, path));
  SLUICE_TRY(environment.failpoints->hit(Failpoint::start_after_lock));
  SLUICE_ASSIGN(std::string uid, folder.load_uid());
  FolderContents contents{.folder = std::move(folder), .uid = std::move(uid)};
  SLUICE_ASSIGN(const auto manifests, contents.folder.manifests());
  if (!manifests.empty()) SLUICE_TRY(load_newest(contents, manifests.back(), environment));
  SLUICE_ASSIGN(contents.note,
                read_published_note(*environment.filesystem, contents.folder.path_of("PUBLISHED")));
  SLUICE_TRY(environment.failpoints->hit(Failpoint::start_after_verify));
  SLUICE_TRY(contents.folder.remove_temporary());
  SLUICE_TRY(contents.folder.remove_unreached(
      contents.newest ? &contents.newest->manifest : nullptr,
      contents.previous ? &*contents.previous : nullptr, every_epoch));
  SLUICE_TRY(environment.failpoints->hit(Failpoint::start_after_cleanup));
  // The last run may have died between its rename and the sync that makes it the decision. Nothing
  // may be published before the decision would survive a loss of power.
  SLUICE_TRY(contents.folder.sync());
  SLUICE_TRY(environment.failpoints->hit(Failpoint::start_after_folder_sync));
  return contents;
}

}  // namespace sluice
