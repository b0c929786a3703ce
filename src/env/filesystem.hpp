// Filesystem: the one door to files. PosixFilesystem in production; a fake with injected faults in
// tests. Owned by the process or test; may be called from any thread, one File by one thread at a
// time. Every failed write, close, rename or fsync is an Error; after a failed fsync the caller
// must give the file up and never retry.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace sluice {

// A file open for appending. Destroying it closes it without an error; close() reports one.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual Status append(std::string_view bytes) = 0;
  virtual Status sync() = 0;
  virtual Status close() = 0;
};

// A file open for reading at any position.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  // Exactly `size` bytes from `offset` into `out`; a short read is an Error.
  virtual Status read_at(uint64_t offset, size_t size, char* out) = 0;
  virtual Result<uint64_t> size() = 0;
};

// Holds an exclusive lock until destroyed.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

class Filesystem {
 public:
  virtual ~Filesystem() = default;
  // Creates or truncates; mode 0600.
  virtual Result<std::unique_ptr<WritableFile>> create(const std::string& path) = 0;
  // Creates it for other readers too, as the umask says.
  virtual Result<std::unique_ptr<WritableFile>> append_to(const std::string& path) = 0;
  virtual Result<std::unique_ptr<ReadableFile>> open(const std::string& path) = 0;
  virtual Result<std::string> read_all(const std::string& path, uint64_t max_bytes) = 0;
  virtual Status rename(const std::string& from, const std::string& to) = 0;
  virtual Status remove(const std::string& path) = 0;
  // Cuts a file down to its first `size` bytes; lasts after the file's next sync.
  virtual Status truncate(const std::string& path, uint64_t size) = 0;
  virtual Status create_directories(const std::string& path) = 0;  // what is created lasts
  // Names in the folder, sorted, without "." and "..".
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  virtual Status sync_directory(const std::string& path) = 0;
  // Error state_locked when another process holds it.
  virtual Result<std::unique_ptr<FileLock>> lock(const std::string& path) = 0;

  // Writes path.tmp, syncs it, renames it to path, syncs the folder.
  Status replace_atomically(const std::string& path, std::string_view bytes);
};

std::unique_ptr<Filesystem> make_posix_filesystem();

}  // namespace sluice
