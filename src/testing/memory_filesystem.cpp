#include "testing/memory_filesystem.hpp"

#include <cstring>

namespace sluice {

namespace {

Unexpected fail_io(const std::string& path, const char* reason) {
  return fail(ErrorCode::io_failed, "cannot use " + path + ": " + reason);
}

class MemoryWritableFile final : public WritableFile {
 public:
  explicit MemoryWritableFile(std::shared_ptr<std::string> bytes) : bytes_(std::move(bytes)) {}
  Status append(std::string_view bytes) override {
    bytes_->append(bytes);
    return {};
  }
  Status sync() override { return {}; }
  Status close() override { return {}; }

 private:
  std::shared_ptr<std::string> bytes_;
};

class MemoryReadableFile final : public ReadableFile {
 public:
  MemoryReadableFile(std::shared_ptr<const std::string> bytes, std::string path)
      : bytes_(std::move(bytes)), path_(std::move(path)) {}
  Status read_at(uint64_t offset, size_t size, char* out) override {
    if (offset > bytes_->size() || size > bytes_->size() - offset)
      return fail_io(path_, "it is shorter");
    if (size > 0) std::memcpy(out, bytes_->data() + offset, size);
    return {};
  }
  Result<uint64_t> size() override { return bytes_->size(); }

 private:
  std::shared_ptr<const std::string> bytes_;
  std::string path_;
};

class MemoryFileLock final : public FileLock {
 public:
  MemoryFileLock(std::set<std::string>& locks, std::string path)
      : locks_(locks), path_(std::move(path)) {}
  ~MemoryFileLock() override { locks_.erase(path_); }

 private:
  std::set<std::string>& locks_;
  std::string path_;
};

}  // namespace

Result<MemoryFilesystem::Bytes> MemoryFilesystem::find(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return fail_io(path, "No such file");
  return found->second;
}

Result<std::unique_ptr<WritableFile>> MemoryFilesystem::create(const std::string& path) {
  files_[path] = std::make_shared<std::string>();
  return std::make_unique<MemoryWritableFile>(files_[path]);
}

Result<std::unique_ptr<WritableFile>> MemoryFilesystem::append_to(const std::string& path) {
  if (!files_.contains(path)) return create(path);
  return std::make_unique<MemoryWritableFile>(files_[path]);
}

Result<std::unique_ptr<ReadableFile>> MemoryFilesystem::open(const std::string& path) {
  SLUICE_ASSIGN(Bytes bytes, find(path));
  return std::make_unique<MemoryReadableFile>(std::move(bytes), path);
}

Result<std::string> MemoryFilesystem::read_all(const std::string& path, uint64_t max_bytes) {
  SLUICE_ASSIGN(const Bytes bytes, find(path));
  if (bytes->size() > max_bytes) return fail_io(path, "it is too large");
  return *bytes;
}

Status MemoryFilesystem::rename(const std::string& from, const std::string& to) {
  SLUICE_ASSIGN(Bytes bytes, find(from));
  files_.erase(from);
  files_[to] = std::move(bytes);
  return {};
}

Status MemoryFilesystem::remove(const std::string& path) {
  if (files_.erase(path) == 0) return fail_io(path, "No such file");
  return {};
}

Status MemoryFilesystem::truncate(const std::string& path, uint64_t size) {
  SLUICE_ASSIGN(const Bytes bytes, find(path));
  bytes->resize(size);
  return {};
}

Status MemoryFilesystem::create_directories(const std::string& path) {
  folders_.insert(path);
  return {};
}

Result<std::vector<std::string>> MemoryFilesystem::list(const std::string& path) {
  if (!folders_.contains(path)) return fail_io(path, "No such folder");
  std::vector<std::string> names;
  const std::string prefix = path + "/";
  for (const auto& [name, bytes] : files_) {
    const bool is_inside =
        name.starts_with(prefix) && name.find('/', prefix.size()) == std::string::npos;
    if (is_inside) names.push_back(name.substr(prefix.size()));
  }
  return names;
}

bool MemoryFilesystem::exists(const std::string& path) {
  return files_.contains(path) || folders_.contains(path);
}

Status MemoryFilesystem::sync_directory(const std::string&) { return {}; }

Result<std::unique_ptr<FileLock>> MemoryFilesystem::lock(const std::string& path) {
  if (!locks_.insert(path).second)
    return fail(ErrorCode::state_locked, path + " is locked already");
  return std::make_unique<MemoryFileLock>(locks_, path);
}

}  // namespace sluice
