// DataFiles: the files that one target's sinks append to: their lengths, cutting them back, and
// appending lines. Owned by a publisher, one thread. After an Error the files that were open are
// given up; cut_back() restores what the marker says.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "env/filesystem.hpp"

namespace sluice::file {

class DataFiles {
 public:
  DataFiles(Filesystem& filesystem, std::string folder)
      : filesystem_(filesystem), folder_(std::move(folder)) {}

  // Cuts every file that is longer than stated, durably. Error target_refused for one that is
  // shorter or gone: its rows cannot be brought back.
  Status cut_back(const std::map<std::string, uint64_t>& lengths);
  // 0 for a file that does not exist.
  Result<uint64_t> length_of(const std::string& path);
  // Appends the line and a line feed, through a buffer.
  Status append(const std::string& path, std::string_view line);
  // Readers of the files see everything appended.
  Status write_out();
  // Everything appended is durable, and the files are closed.
  Status sync();

 private:
  struct OpenFile {
    std::unique_ptr<WritableFile> file;
    std::string buffer;
    bool is_new = false;
  };
  Result<OpenFile*> open_file(const std::string& path);
  static Status write_out(OpenFile& file);
  // Makes the name of a new file last, and those of the folders that lead to it.
  Status sync_names(const std::string& path);
  std::string whole(const std::string& path) const { return folder_ + "/" + path; }

  Filesystem& filesystem_;
  std::string folder_;
  std::map<std::string, OpenFile> open_;
};

}  // namespace sluice::file
