// MemoryFilesystem: files that live as long as the object: where a tested pipeline keeps its
// checkpoints. Nothing fails but what would fail on a disk: missing files, short reads, locks held
// twice. Owned by one test run; one thread.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>

#include "env/filesystem.hpp"

namespace sluice {

class MemoryFilesystem final : public Filesystem {
 public:
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> append_to(const std::string& path) override;
  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override;
  Result<std::string> read_all(const std::string& path, uint64_t max_bytes) override;
  Status rename(const std::string& from, const std::string& to) override;
  Status remove(const std::string& path) override;
  Status truncate(const std::string& path, uint64_t size) override;
  Status create_directories(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  bool exists(const std::string& path) override;
  Status sync_directory(const std::string& path) override;
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

 private:
  using Bytes = std::shared_ptr<std::string>;
  Result<Bytes> find(const std::string& path) const;

  std::map<std::string, Bytes> files_;
  std::set<std::string> folders_;
  std::set<std::string> locks_;
};

}  // namespace sluice
