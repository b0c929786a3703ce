#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "env/filesystem.hpp"

namespace sluice {

namespace {

constexpr mode_t private_mode = 0600;
constexpr mode_t shared_mode = 0666;  // less what the umask takes away

Unexpected fail_io(const char* act, const std::string& path, int number) {
  return fail(ErrorCode::io_failed, std::string("cannot ") + act + " " + path + ": " +
                                        std::generic_category().message(number));
}

// Calls a function that returns -1 with errno EINTR when a signal came between.
template <class Function>
auto uninterrupted(Function function) {
  decltype(function()) result;
  do {
    result = function();
  } while (result == -1 && errno == EINTR);
  return result;
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { static_cast<void>(close()); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;

  int number() const { return number_; }
  // Linux frees the descriptor even when close is interrupted, so it is not tried again.
  bool close() {
    const int number = std::exchange(number_, -1);
    return number == -1 || ::close(number) == 0 || errno == EINTR;
  }

 private:
  int number_;
};

Result<Descriptor> open_path(const std::string& path, int flags, const char* act,
                             mode_t mode = private_mode) {
  const int number = uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC, mode); });
  if (number == -1) return fail_io(act, path, errno);
  return Descriptor(number);
}

Status sync_descriptor(int number, const std::string& path) {
  if (uninterrupted([&] { return ::fsync(number); }) == -1) return fail_io("sync", path, errno);
  return {};
}

class PosixWritableFile final : public WritableFile {
 public:
  PosixWritableFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status append(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written =
          uninterrupted([&] { return ::write(descriptor_.number(), bytes.data(), bytes.size()); });
      if (written == -1) return fail_io("write", path_, errno);
      bytes.remove_prefix(static_cast<size_t>(written));
    }
    return {};
  }
  Status sync() override { return sync_descriptor(descriptor_.number(), path_); }
  Status close() override {
    if (!descriptor_.close()) return fail_io("close", path_, errno);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class PosixReadableFile final : public ReadableFile {
 public:
  PosixReadableFile(Descriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Status read_at(uint64_t offset, size_t size, char* out) override {
    while (size > 0) {
      const ssize_t count = uninterrupted(
          [&] { return ::pread(descriptor_.number(), out, size, static_cast<off_t>(offset)); });
      if (count == -1) return fail_io("read", path_, errno);
      if (count == 0) {
        return fail(ErrorCode::io_failed,
                    "cannot read " + path_ + ": it ends at byte " + std::to_string(offset));
      }
      size -= static_cast<size_t>(count);
      out += count;
      offset += static_cast<uint64_t>(count);
    }
    return {};
  }
  Result<uint64_t> size() override {
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) == -1) return fail_io("examine", path_, errno);
    return static_cast<uint64_t>(status.st_size);
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

// A locked file holds the id of the process that locked it, for the one that cannot.
Status note_holder(int descriptor, const std::string& path) {
  const std::string id = std::to_string(::getpid()) + "\n";
  if (::ftruncate(descriptor, 0) == -1 ||
      ::pwrite(descriptor, id.data(), id.size(), 0) != static_cast<ssize_t>(id.size())) {
    return fail_io("lock", path, errno);
  }
  return {};
}

// The id may be missing for a moment after the lock was taken.
std::string holder_of(int descriptor) {
  char text[24] = {};
  const ssize_t size = ::pread(descriptor, text, sizeof text - 1, 0);
  const std::string_view id(text, size > 0 ? static_cast<size_t>(size) : 0);
  const std::string_view digits = id.substr(0, id.find('\n'));
  const bool is_id = !digits.empty() && digits.find_first_not_of("0123456789") == digits.npos;
  return is_id ? "process " + std::string(digits) : "another process";
}

// The lock belongs to the open file description: closing it, also by the death of the process,
// gives it back.
class PosixFileLock final : public FileLock {
 public:
  explicit PosixFileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

class PosixFilesystem final : public Filesystem {
 public:
  Result<std::unique_ptr<WritableFile>> create(const std::string& path) override {
    return open_writable(path, O_WRONLY | O_CREAT | O_TRUNC, "create", private_mode);
  }
  Result<std::unique_ptr<WritableFile>> append_to(const std::string& path) override {
    return open_writable(path, O_WRONLY | O_CREAT | O_APPEND, "open", shared_mode);
  }
  Result<std::unique_ptr<ReadableFile>> open(const std::string& path) override {
    SLUICE_ASSIGN(Descriptor descriptor, open_path(path, O_RDONLY, "open"));
    return std::make_unique<PosixReadableFile>(std::move(descriptor), path);
  }
  Result<std::string> read_all(const std::string& path, uint64_t max_bytes) override;
  Status rename(const std::string& from, const std::string& to) override {
    if (::rename(from.c_str(), to.c_str()) == -1) return fail_io("rename", from, errno);
    return {};
  }
  Status remove(const std::string& path) override {
    if (::unlink(path.c_str()) == -1) return fail_io("remove", path, errno);
    return {};
  }
  Status truncate(const std::string& path, uint64_t size) override {
    const auto length = static_cast<off_t>(size);
    if (uninterrupted([&] { return ::truncate(path.c_str(), length); }) == -1)
      return fail_io("truncate", path, errno);
    return {};
  }
  Status create_directories(const std::string& path) override;
  Result<std::vector<std::string>> list(const std::string& path) override;
  bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }
  Status sync_directory(const std::string& path) override {
    SLUICE_ASSIGN(const Descriptor folder, open_path(path, O_RDONLY | O_DIRECTORY, "open"));
    return sync_descriptor(folder.number(), path);
  }
  Result<std::unique_ptr<FileLock>> lock(const std::string& path) override;

 private:
  static Result<std::unique_ptr<WritableFile>> open_writable(const std::string& path, int flags,
                                                             const char* act, mode_t mode) {
    SLUICE_ASSIGN(Descriptor descriptor, open_path(path, flags, act, mode));
    return std::make_unique<PosixWritableFile>(std::move(descriptor), path);
  }
};

Status PosixFilesystem::create_directories(const std::string& path) {
  std::vector<std::string> parents;
  const std::filesystem::path whole = std::filesystem::path(path + "/").parent_path();
  for (auto folder = whole; !folder.empty() && !exists(folder); folder = folder.parent_path()) {
    const std::string parent = folder.parent_path();
    parents.push_back(parent.empty() ? "." : parent);
  }
  std::error_code problem;
  std::filesystem::create_directories(whole, problem);
  if (problem) return fail_io("create the folder", path, problem.value());
  for (const std::string& parent : parents) SLUICE_TRY(sync_directory(parent));
  return {};
}

Result<std::string> PosixFilesystem::read_all(const std::string& path, uint64_t max_bytes) {
  SLUICE_ASSIGN(const auto file, open(path));
  SLUICE_ASSIGN(const uint64_t size, file->size());
  if (size > max_bytes) {
    return fail(ErrorCode::io_failed, "cannot read " + path + ": it has " + std::to_string(size) +
                                          " bytes, more than " + std::to_string(max_bytes));
  }
  std::string bytes(size, '\0');
  SLUICE_TRY(file->read_at(0, bytes.size(), bytes.data()));
  return bytes;
}

Result<std::vector<std::string>> PosixFilesystem::list(const std::string& path) {
  std::error_code problem;
  std::filesystem::directory_iterator entry(path, problem);
  std::vector<std::string> names;
  while (!problem && entry != std::filesystem::directory_iterator()) {
    names.push_back(entry->path().filename().string());
    entry.increment(problem);
  }
  if (problem) return fail_io("list", path, problem.value());
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::unique_ptr<FileLock>> PosixFilesystem::lock(const std::string& path) {
  SLUICE_ASSIGN(Descriptor descriptor, open_path(path, O_RDWR | O_CREAT, "lock"));
  if (uninterrupted([&] { return ::flock(descriptor.number(), LOCK_EX | LOCK_NB); }) == -1) {
    if (errno != EWOULDBLOCK) return fail_io("lock", path, errno);
    return fail(ErrorCode::state_locked, path + " is locked by " + holder_of(descriptor.number()));
  }
  SLUICE_TRY(note_holder(descriptor.number(), path));
  return std::make_unique<PosixFileLock>(std::move(descriptor));
}

}  // namespace

std::unique_ptr<Filesystem> make_posix_filesystem() { return std::make_unique<PosixFilesystem>(); }

}  // namespace sluice
