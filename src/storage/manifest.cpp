#include "storage/manifest.hpp"

namespace sluice {

Result<FileSeal> write_manifest(Filesystem& filesystem, const std::string& path,
                                const Manifest& manifest) {
  SLUICE_ASSIGN(const std::string json, manifest_to_json(manifest));
  SLUICE_ASSIGN(const auto file, BlockFileWriter::create(filesystem, path, FileKind::manifest));
  SLUICE_TRY(file->append(BlockKind::entries, json, 1));
  SLUICE_ASSIGN(const FileSeal seal, file->finish());
  SLUICE_TRY(file->sync_and_close());
  return seal;
}

Result<LoadedManifest> read_manifest(Filesystem& filesystem, const std::string& path) {
  SLUICE_ASSIGN(const auto file, BlockFileReader::open(filesystem, path, FileKind::manifest));
  std::string json;
  while (true) {
    SLUICE_ASSIGN(const auto block, file->next());
    if (!block) break;
    if (block->kind == BlockKind::entries) json = block->payload;
  }
  LoadedManifest loaded;
  SLUICE_ASSIGN(loaded.manifest, manifest_from_json(json, path));
  loaded.seal = file->seal();
  for (ManifestSpool& spool : loaded.manifest.spools) {
    if (spool.decision.epoch == loaded.manifest.epoch) {
      spool.decision.checksum = loaded.seal.checksum;
    }
  }
  return loaded;
}

}  // namespace sluice
