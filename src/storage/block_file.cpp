#include "storage/block_file.hpp"

#include <utility>

#include "base/assert.hpp"
#include "storage/encoding.hpp"

namespace sluice {

namespace {

constexpr uint64_t header_bytes = 8 + 4 + 8;
constexpr uint64_t frame_head_bytes = 4 + 1;
constexpr uint64_t frame_tail_bytes = 8;

std::string_view magic(FileKind kind) {
  switch (kind) {
    case FileKind::state:
      return "SLUISTAT";
    case FileKind::spool:
      return "SLUISPOL";
    case FileKind::rejects:
      return "SLUIREJE";
    case FileKind::manifest:
      return "SLUIMANI";
    case FileKind::published:
      return "SLUIPUBL";
  }
  SLUICE_ASSERT(false, "unknown kind of file");
}

Unexpected fail_version(const std::string& path, uint32_t version, FileKind kind) {
  const uint32_t own = format_version(kind);
  std::string advice = "run the version of sluice that wrote it, or a newer one";
  if (version < own) {
    advice =
        "run the version of sluice that wrote it; or start afresh with this one, under another "
        "pipeline name or --namespace";
  }
  return fail(ErrorCode::state_version,
              path + " has format version " + std::to_string(version) +
                  "; this sluice reads version " + std::to_string(own),
              std::move(advice));
}

}  // namespace

Unexpected fail_corrupt(const std::string& path, const std::string& what) {
  return fail(ErrorCode::state_corrupt, path + " is damaged: " + what);
}

Result<std::unique_ptr<BlockFileWriter>> BlockFileWriter::create(Filesystem& filesystem,
                                                                 std::string path, FileKind kind) {
  SLUICE_ASSIGN(auto file, filesystem.create(path));
  std::unique_ptr<BlockFileWriter> writer(new BlockFileWriter(std::move(file), std::move(path)));
  std::string header(magic(kind));
  append_u32(header, format_version(kind));
  append_u64(header, checksum(header));
  SLUICE_TRY(writer->write(header));
  return writer;
}

Status BlockFileWriter::write(std::string_view bytes) {
  SLUICE_TRY(file_->append(bytes));
  checksum_.update(bytes);
  bytes_ += bytes.size();
  return {};
}

Status BlockFileWriter::append(BlockKind kind, std::string_view payload, uint64_t entries) {
  if (payload.size() > max_block_bytes) {
    return fail(ErrorCode::entry_too_large,
                "an entry of " + std::to_string(payload.size()) + " bytes for " + path_ +
                    " is larger than a block may be, " + std::to_string(max_block_bytes));
  }
  std::string head;
  append_u32(head, static_cast<uint32_t>(payload.size()));
  head.push_back(static_cast<char>(kind));
  RunningChecksum block;
  block.update(head);
  block.update(payload);
  std::string tail;
  append_u64(tail, block.value());
  SLUICE_TRY(write(head));
  SLUICE_TRY(write(payload));
  SLUICE_TRY(write(tail));
  ++blocks_;
  entries_ += entries;
  return {};
}

Result<FileSeal> BlockFileWriter::finish() {
  std::string trailer;
  append_u64(trailer, blocks_);
  append_u64(trailer, entries_);
  append_u64(trailer, checksum_.value());
  SLUICE_TRY(append(BlockKind::trailer, trailer));
  return FileSeal{bytes_, checksum_.value()};
}

Status BlockFileWriter::sync_and_close() {
  SLUICE_TRY(file_->sync());
  return file_->close();
}

Result<std::unique_ptr<BlockFileReader>> BlockFileReader::open(Filesystem& filesystem,
                                                               std::string path, FileKind kind) {
  SLUICE_ASSIGN(auto file, filesystem.open(path));
  std::unique_ptr<BlockFileReader> reader(
      new BlockFileReader(std::move(file), std::move(path), kind));
  SLUICE_ASSIGN(reader->size_, reader->file_->size());
  SLUICE_TRY(reader->rewind());
  return reader;
}

Status BlockFileReader::rewind() {
  offset_ = 0;
  blocks_ = 0;
  entries_ = 0;
  ended_ = false;
  checksum_ = std::make_unique<RunningChecksum>();
  return read_header();
}

Status BlockFileReader::read(uint64_t size) {
  if (size > size_ - offset_) {
    return fail_corrupt(path_, "it ends at byte " + std::to_string(size_) +
                                   ", in the middle of what begins at byte " +
                                   std::to_string(offset_));
  }
  buffer_.resize(size);
  SLUICE_TRY(file_->read_at(offset_, size, buffer_.data()));
  return {};
}

Status BlockFileReader::read_header() {
  SLUICE_TRY(read(header_bytes));
  ByteReader bytes(buffer_);
  std::string_view found_magic;
  uint32_t version = 0;
  uint64_t stated = 0;
  bytes.read_bytes(8, found_magic);
  bytes.read_u32(version);
  bytes.read_u64(stated);
  if (found_magic != magic(kind_)) return fail_corrupt(path_, "it does not begin as such a file");
  if (stated != checksum(std::string_view(buffer_).substr(0, header_bytes - 8))) {
    return fail_corrupt(path_, "the checksum of its header differs");
  }
  if (version != format_version(kind_)) return fail_version(path_, version, kind_);
  checksum_->update(buffer_);
  offset_ += header_bytes;
  return {};
}

Result<std::optional<BlockFileReader::Block>> BlockFileReader::next() {
  if (ended_) return std::nullopt;
  SLUICE_TRY(read(frame_head_bytes));
  uint32_t length = 0;
  ByteReader(buffer_).read_u32(length);
  if (length > max_block_bytes) {
    return fail_corrupt(path_, "the block at byte " + std::to_string(offset_) + " is too large");
  }
  SLUICE_TRY(read(frame_head_bytes + length + frame_tail_bytes));
  const std::string_view covered = std::string_view(buffer_).substr(0, frame_head_bytes + length);
  uint64_t stated = 0;
  ByteReader(std::string_view(buffer_).substr(covered.size())).read_u64(stated);
  if (stated != checksum(covered)) {
    return fail_corrupt(
        path_, "the checksum of the block at byte " + std::to_string(offset_) + " differs");
  }
  const uint64_t checksum_before = checksum_->value();
  checksum_->update(buffer_);
  offset_ += buffer_.size();
  const Block block{static_cast<BlockKind>(covered[4]), covered.substr(frame_head_bytes)};
  if (block.kind == BlockKind::trailer) {
    SLUICE_TRY(check_trailer(block.payload, checksum_before));
    return std::nullopt;
  }
  ++blocks_;
  return block;
}

Status BlockFileReader::check_trailer(std::string_view payload, uint64_t checksum_before) {
  ByteReader bytes(payload);
  uint64_t blocks = 0;
  uint64_t stated = 0;
  if (!bytes.read_u64(blocks) || !bytes.read_u64(entries_) || !bytes.read_u64(stated) ||
      !bytes.is_empty() || blocks != blocks_ || stated != checksum_before) {
    return fail_corrupt(path_, "its trailer does not fit its blocks");
  }
  if (offset_ != size_) return fail_corrupt(path_, "bytes follow its trailer");
  ended_ = true;
  return {};
}

FileSeal BlockFileReader::seal() const {
  SLUICE_ASSERT(ended_, "a seal is known only at the end of the file");
  return {size_, checksum_->value()};
}

Status verify_block_file(Filesystem& filesystem, const std::string& path, FileKind kind,
                         const FileSeal& seal) {
  SLUICE_ASSIGN(const auto file, BlockFileReader::open(filesystem, path, kind));
  while (true) {
    SLUICE_ASSIGN(const auto block, file->next());
    if (!block) break;
  }
  if (file->seal() != seal) return fail_corrupt(path, "it is not the file its manifest names");
  return {};
}

}  // namespace sluice
