// LineReader: the lines of one file from a byte offset up to the size the file had when it was
// opened. A line ends with a line feed, or with the file; a carriage return before it is not part
// of it. Owned by a source, one thread; reads of local files do not count as blocking.
//
// Errors: io_failed, and record_too_large for a line above max_line_bytes: nothing after it can be
// read, so that nothing is skipped silently.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "env/filesystem.hpp"

namespace sluice::file {

class LineReader {
 public:
  static constexpr size_t max_line_bytes = 64 * 1024 * 1024;

  struct Line {
    std::string_view text;  // valid until the next call
    uint64_t offset;        // of its first byte in the file
  };

  LineReader(ReadableFile& file, std::string path, uint64_t size, uint64_t offset)
      : file_(file), path_(std::move(path)), size_(size), offset_(offset) {}

  // None at the end.
  Result<std::optional<Line>> next();
  // Where the next line begins.
  uint64_t offset() const { return offset_; }
  bool is_at_end() const { return offset_ >= size_; }

 private:
  // Reads more behind what is buffered; false at the end of the file.
  Result<bool> fill();

  ReadableFile& file_;
  std::string path_;
  uint64_t size_;
  uint64_t offset_;
  std::string buffer_;  // from offset_ on, from begin_
  size_t begin_ = 0;
};

}  // namespace sluice::file
