// FakeFilesystem: files in memory, with faults on demand and a power cut that forgets what was not
// synced. As strict as POSIX allows: bytes last only after sync() of the file, and a created,
// renamed or removed name only after sync_directory() of its folder; folders themselves last at
// once. Owned by a test; thread-safe like any Filesystem.
//
// To test every crash point: run once and read operations(); then for each n up to it run with a
// new fake and fail_from(n), call lose_power() and recover.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "env/filesystem.hpp"

namespace sluice::test {

enum class FileOperation : uint8_t {
  create,
  append,
  sync,
  close,
  rename,
  remove,
  truncate,
  sync_directory,
  read,
  count
};

class FakeFilesystem final : public Filesystem {
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

  // The nth operation of this kind from now on (from 1) fails with io_failed, once. A failing
  // append writes half of its bytes; a failing sync makes nothing durable.
  void fail_nth(FileOperation operation, uint64_t nth);
  // Every operation that changes something fails from the nth one since construction on, until
  // lose_power().
  void fail_from(uint64_t nth);
  // Back to what is durable. Of the unsynced end of each file up to `kept_bytes` survive, as a torn
  // write. Open files and locks of before are dead.
  void lose_power(uint64_t kept_bytes = 0);
  // The same, but of the names changed since their folder's last sync those that `keeps` picks are
  // as they were when the power went: real folders keep such changes in any order.
  void lose_power(uint64_t kept_bytes, const std::function<bool(const std::string& path)>& keeps);

  // Runs once, just before the next sync of a folder: what another thread may do meanwhile.
  void before_next_folder_sync(std::function<void()> act);

  uint64_t count(FileOperation operation) const;
  // Operations that change something, since construction.
  uint64_t operations() const;
  // Uses of a file after its sync failed: the contract of WritableFile forbids them.
  uint64_t uses_after_failed_sync() const;
  // What a reader would see, or nothing: for a test's assertions; never fails, counts nothing.
  std::string content(const std::string& path) const;
  // Overwrites a file as a failing disk would, durably.
  void corrupt(const std::string& path, std::string bytes);

 private:
  friend class FakeWritableFile;
  friend class FakeReadableFile;
  friend class FakeFileLock;

  struct Inode {
    std::string bytes;
    std::string durable;
    bool has_failed_sync = false;
  };
  using InodePtr = std::shared_ptr<Inode>;
  using Names = std::map<std::string, InodePtr>;
  static constexpr uint64_t never = std::numeric_limits<uint64_t>::max();
  static constexpr auto kinds = static_cast<size_t>(FileOperation::count);

  // All private functions are called with mutex_ held.
  Status begin(FileOperation operation, const std::string& path);
  Result<InodePtr> find(const std::string& path) const;
  Result<std::unique_ptr<WritableFile>> open_writable(const std::string& path, bool truncate);
  Status use(const InodePtr& inode, uint64_t generation, FileOperation operation,
             const std::string& path);

  mutable std::mutex mutex_;
  Names names_;
  Names durable_names_;
  std::set<std::string> folders_{".", "/"};
  std::set<std::string> locks_;
  uint64_t generation_ = 0;  // counts power cuts
  std::array<uint64_t, kinds> counts_{};
  std::array<uint64_t, kinds> fail_at_ = [] {
    std::array<uint64_t, kinds> none{};
    none.fill(never);
    return none;
  }();
  uint64_t operations_ = 0;
  uint64_t fail_from_ = never;
  uint64_t uses_after_failed_sync_ = 0;
  std::function<void()> before_folder_sync_;
};

}  // namespace sluice::test
