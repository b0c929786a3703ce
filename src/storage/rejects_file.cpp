#include "storage/rejects_file.hpp"

#include "storage/encoding.hpp"

namespace sluice {

namespace {

std::string encode(const StoredReject& reject) {
  std::string bytes;
  append_u64(bytes, reject.operation);
  append_text(bytes, reject.sink);
  append_text(bytes, reject.bytes);
  append_text(bytes, reject.row);
  append_u16(bytes, static_cast<uint16_t>(reject.error.code));
  append_text(bytes, reject.error.message);
  append_text(bytes, reject.error.advice);
  return bytes;
}

bool decode(std::string_view payload, StoredReject& reject) {
  ByteReader bytes(payload);
  std::string_view sink;
  std::string_view operation;
  std::string_view row;
  std::string_view message;
  std::string_view advice;
  uint16_t code = 0;
  if (!bytes.read_u64(reject.operation) || !bytes.read_text(sink) || !bytes.read_text(operation) ||
      !bytes.read_text(row) || !bytes.read_u16(code) || !bytes.read_text(message) ||
      !bytes.read_text(advice)) {
    return false;
  }
  // A code that another version wrote becomes the general one.
  const auto known = parse_error_code(std::to_string(code));
  reject.sink = sink;
  reject.bytes = operation;
  reject.row = row;
  reject.error = Error{known.value_or(ErrorCode::sink_rejected), std::string(message), Retry::never,
                       std::string(advice)};
  return bytes.is_empty();
}

}  // namespace

Result<uint64_t> replace_rejects(Filesystem& filesystem, const std::string& path, Epoch epoch,
                                 const std::vector<StoredReject>& rejects) {
  const std::string temporary = path + ".tmp";
  SLUICE_ASSIGN(const auto file, BlockFileWriter::create(filesystem, temporary, FileKind::rejects));
  std::string header;
  append_u64(header, epoch.value);
  SLUICE_TRY(file->append(BlockKind::header, header));
  for (const StoredReject& reject : rejects) {
    SLUICE_TRY(file->append(BlockKind::entries, encode(reject), 1));
  }
  SLUICE_ASSIGN(const FileSeal seal, file->finish());
  SLUICE_TRY(file->sync_and_close());
  SLUICE_TRY(filesystem.rename(temporary, path));
  SLUICE_TRY(filesystem.sync_directory(path.substr(0, path.rfind('/'))));
  return seal.checksum;
}

Result<std::vector<StoredReject>> read_rejects(Filesystem& filesystem, const std::string& path,
                                               uint64_t checksum) {
  SLUICE_ASSIGN(const auto file, BlockFileReader::open(filesystem, path, FileKind::rejects));
  std::vector<StoredReject> rejects;
  while (true) {
    SLUICE_ASSIGN(const auto block, file->next());
    if (!block) break;
    if (block->kind != BlockKind::entries) continue;
    if (!decode(block->payload, rejects.emplace_back())) {
      return fail_corrupt(path, "a reject is malformed");
    }
  }
  if (checksum != 0 && file->seal().checksum != checksum) {
    return fail_corrupt(path, "it is not the file that the target's marker names");
  }
  return rejects;
}

}  // namespace sluice
