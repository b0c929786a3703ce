#include "storage/published_note.hpp"

#include "storage/encoding.hpp"

namespace sluice {

namespace {

bool decode(std::string_view payload, PublishedNote& note) {
  ByteReader bytes(payload);
  while (!bytes.is_empty()) {
    std::string_view target;
    MarkerPoint point;
    if (!bytes.read_text(target) || !bytes.read_u64(point.epoch.value) ||
        !bytes.read_u64(point.checksum)) {
      return false;
    }
    note[std::string(target)] = point;
  }
  return true;
}

}  // namespace

Status write_published_note(Filesystem& filesystem, const std::string& path,
                            const PublishedNote& note) {
  std::string bytes;
  for (const auto& [target, point] : note) {
    append_text(bytes, target);
    append_u64(bytes, point.epoch.value);
    append_u64(bytes, point.checksum);
  }
  const std::string temporary = path + ".tmp";
  SLUICE_ASSIGN(const auto file,
                BlockFileWriter::create(filesystem, temporary, FileKind::published));
  SLUICE_TRY(file->append(BlockKind::entries, bytes, note.size()));
  SLUICE_TRY(file->finish());
  SLUICE_TRY(file->sync_and_close());
  return filesystem.rename(temporary, path);
}

Result<PublishedNote> read_published_note(Filesystem& filesystem, const std::string& path) {
  PublishedNote note;
  if (!filesystem.exists(path)) return note;
  SLUICE_ASSIGN(const auto file, BlockFileReader::open(filesystem, path, FileKind::published));
  while (true) {
    SLUICE_ASSIGN(const auto block, file->next());
    if (!block) return note;
    if (block->kind == BlockKind::entries && !decode(block->payload, note)) {
      return fail_corrupt(path, "an entry is malformed");
    }
  }
}

}  // namespace sluice
