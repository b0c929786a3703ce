// The file steps of C3: a state file of all tasks' parts, and the manifest whose rename is the
// decision. Called by the coordinating thread. Every error is final for the run: after a failed
// sync nothing is known of what the disk holds, so nothing is tried again.
#pragma once

#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "storage/manifest.hpp"
#include "storage/state_folder.hpp"

namespace sluice {

// Writes and syncs the parts' state and lists it in the manifest: a full snapshot replaces what was
// listed, a delta is added. A snapshot without entries has no file.
Status write_state(const StateFolder& folder, const Environment& environment,
                   const std::vector<TaskPart>& parts, Manifest& manifest);

// Makes the manifest the newest. All files it lists are synced. Only after success is it decided;
// after an error nobody knows before the next start.
Result<FileSeal> decide_manifest(const StateFolder& folder, const Environment& environment,
                                 const Manifest& manifest);

// Whether the next snapshot should be full, to keep a restore short.
bool is_full_snapshot_due(const std::vector<ManifestStateFile>& files, uint32_t full_every);

}  // namespace sluice
