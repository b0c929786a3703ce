#include "checkpoint/checkpoint_files.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "storage/state_file.hpp"

namespace sluice {

Status write_state(const StateFolder& folder, const Environment& environment,
                   const std::vector<TaskPart>& parts, Manifest& manifest) {
  std::vector<const StateBuffer*> buffers;
  uint64_t entries = 0;
  for (const TaskPart& part : parts) {
    buffers.push_back(&part.state);
    entries += part.state.entries();
  }
  const bool is_full = parts.empty() || parts.front().state.kind() == SnapshotKind::full;
  if (is_full) manifest.state_files.clear();
  if (entries == 0) return environment.failpoints->hit(Failpoint::checkpoint_after_state_written);
  const std::string name = state_name(manifest.epoch);
  SLUICE_ASSIGN(
      const WrittenStateFile file,
      write_state_file(folder.filesystem(), folder.path_of(name), manifest.epoch, buffers));
  SLUICE_TRY(environment.failpoints->hit(Failpoint::checkpoint_after_state_written));
  SLUICE_TRY(file.writer->sync_and_close());
  manifest.state_files.push_back(
      {name, file.seal, is_full ? SnapshotKind::full : SnapshotKind::delta});
  return {};
}

Result<FileSeal> decide_manifest(const StateFolder& folder, const Environment& environment,
                                 const Manifest& manifest) {
  const std::string path = folder.path_of(manifest_name(manifest.epoch));
  const std::string temporary = path + ".tmp";
  SLUICE_ASSIGN(const FileSeal seal, write_manifest(folder.filesystem(), temporary, manifest));
  SLUICE_TRY(environment.failpoints->hit(Failpoint::checkpoint_before_rename));
  SLUICE_TRY(folder.filesystem().rename(temporary, path));
  SLUICE_TRY(environment.failpoints->hit(Failpoint::checkpoint_after_rename));
  SLUICE_TRY(folder.sync());
  return seal;
}

bool is_full_snapshot_due(const std::vector<ManifestStateFile>& files, uint32_t full_every) {
  if (files.empty() || files.size() >= full_every) return true;
  uint64_t delta_bytes = 0;
  for (size_t i = 1; i < files.size(); ++i) delta_bytes += files[i].seal.bytes;
  return delta_bytes > files.front().seal.bytes;
}

}  // namespace sluice
