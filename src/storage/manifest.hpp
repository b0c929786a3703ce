// Manifest: a decided checkpoint: everything a start needs to go on from it. Written once, under a
// temporary name, then renamed: that is the decision. A JSON document in a block file
// (storage/FORMAT.md). Plain values; reading and writing are pure functions over the Filesystem,
// errors as in storage/block_file.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "state/state_io.hpp"
#include "storage/block_file.hpp"
#include "storage/marker_point.hpp"
#include "storage/saved_plan.hpp"
#include "storage/saved_progress.hpp"

namespace sluice {

struct ManifestStateFile {
  std::string name;
  FileSeal seal;
  SnapshotKind kind = SnapshotKind::full;
};

struct ManifestSpool {
  std::string target;
  Epoch epoch;
  // Epoch and checksum of the manifest that decided it. In that manifest itself the checksum is not
  // written, for it cannot be; read_manifest fills it in.
  MarkerPoint decision;
  std::string name;
  FileSeal seal;
  bool is_published = false;  // kept for `retain_spools` only

  // What the marker shows once this spool is published.
  MarkerPoint point() const { return {epoch, decision.checksum}; }
};

// A target that has been claimed, whether or not the pipeline still has it.
struct ManifestTarget {
  std::string identity;   // Publisher::identity()
  MarkerPoint published;  // the marker as last known for certain
  Epoch rejects_folded;   // rejects of epochs up to here have become dead letters
};

struct Manifest {
  Epoch epoch;
  Epoch previous;  // 0: none
  std::string uid;
  std::string pipeline_id;
  uint32_t shard = 0;
  SavedPlan plan;
  SavedProgress progress;
  bool is_closed = false;
  std::vector<ManifestStateFile> state_files;  // a full one and the deltas after it
  std::vector<ManifestSpool> spools;           // per target in the order of publishing
  std::map<std::string, ManifestTarget> targets;
};

struct LoadedManifest {
  Manifest manifest;
  FileSeal seal;  // its checksum is the one that markers hold
};

// Writes the file, complete and durable but for its name.
Result<FileSeal> write_manifest(Filesystem& filesystem, const std::string& path,
                                const Manifest& manifest);
Result<LoadedManifest> read_manifest(Filesystem& filesystem, const std::string& path);

// The document inside.
Result<std::string> manifest_to_json(const Manifest& manifest);
// Error state_corrupt, naming `path`.
Result<Manifest> manifest_from_json(const std::string& json, const std::string& path);

}  // namespace sluice
