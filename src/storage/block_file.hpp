// Block files: the framing that every file of the state folder but LOCK and UID shares: a header
// with magic and format version, blocks with a length and a checksum each, a trailer with counts
// and the checksum of everything before it. Layout: storage/FORMAT.md.
//
// A writer or reader belongs to one thread at a time. Reader errors: state_version for an unknown
// format version, state_corrupt, naming the file, for anything that does not verify, io_failed when
// the disk does not answer. A failed write or sync is final: the file must be given up.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/checksum.hpp"
#include "base/result.hpp"
#include "env/filesystem.hpp"

namespace sluice {

enum class FileKind : uint8_t { state, spool, rejects, manifest, published };
// What a block holds; the numbers stand in files.
enum class BlockKind : uint8_t { header = 1, entries = 2, after = 3, trailer = 255 };

// Of a kind's layout: what this sluice writes, and the only one it reads.
constexpr uint32_t format_version(FileKind kind) { return kind == FileKind::manifest ? 2 : 1; }
// What no block may exceed: the reader's limit on memory.
constexpr uint64_t max_block_bytes = 64u << 20;

// Size and XXH3 of a whole file.
struct FileSeal {
  uint64_t bytes = 0;
  uint64_t checksum = 0;
  bool operator==(const FileSeal&) const = default;
};

Unexpected fail_corrupt(const std::string& path, const std::string& what);

class BlockFileWriter {
 public:
  static Result<std::unique_ptr<BlockFileWriter>> create(Filesystem& filesystem, std::string path,
                                                         FileKind kind);

  // Error entry_too_large for a payload over max_block_bytes.
  Status append(BlockKind kind, std::string_view payload, uint64_t entries = 0);
  uint64_t bytes() const { return bytes_; }
  // Writes the trailer; nothing may be appended afterwards.
  Result<FileSeal> finish();
  // The file's bytes are durable afterwards; its name is so only after a sync of the folder.
  Status sync_and_close();

 private:
  BlockFileWriter(std::unique_ptr<WritableFile> file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}
  Status write(std::string_view bytes);

  std::unique_ptr<WritableFile> file_;
  std::string path_;
  RunningChecksum checksum_;
  uint64_t bytes_ = 0;
  uint64_t blocks_ = 0;
  uint64_t entries_ = 0;
};

class BlockFileReader {
 public:
  struct Block {
    BlockKind kind;
    std::string_view payload;  // valid until the next call
  };

  static Result<std::unique_ptr<BlockFileReader>> open(Filesystem& filesystem, std::string path,
                                                       FileKind kind);

  // The next verified block; none only when the trailer has been verified too.
  Result<std::optional<Block>> next();
  // Back to the first block.
  Status rewind();
  // Of the whole file; once next() has returned none.
  FileSeal seal() const;
  // As the trailer says; once next() has returned none.
  uint64_t entries() const { return entries_; }
  const std::string& path() const { return path_; }

 private:
  BlockFileReader(std::unique_ptr<ReadableFile> file, std::string path, FileKind kind)
      : file_(std::move(file)), path_(std::move(path)), kind_(kind) {}
  Status read_header();
  Status read(uint64_t size);
  Status check_trailer(std::string_view payload, uint64_t checksum_before);

  std::unique_ptr<ReadableFile> file_;
  std::string path_;
  FileKind kind_;
  uint64_t size_ = 0;
  uint64_t offset_ = 0;
  uint64_t blocks_ = 0;
  uint64_t entries_ = 0;
  bool ended_ = false;
  std::unique_ptr<RunningChecksum> checksum_;
  std::string buffer_;
};

// Reads a file to its end: sound, and the one that a manifest names.
Status verify_block_file(Filesystem& filesystem, const std::string& path, FileKind kind,
                         const FileSeal& seal);

}  // namespace sluice
