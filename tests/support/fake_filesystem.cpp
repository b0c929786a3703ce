#include "support/fake_filesystem.hpp"

#include <algorithm>
#include <cstring>

namespace sluice::test {

namespace {

Unexpected fail_io(const char* act, const std::string& path, const char* reason) {
  return fail(ErrorCode::io_failed, std::string("cannot ") + act + " " + path + ": " + reason);
}

std::string without_trailing_slash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool changes_something(FileOperation operation) { return operation != FileOperation::read; }

}  // namespace

class FakeWritableFile final : public WritableFile {
 public:
  FakeWritableFile(FakeFilesystem& owner, FakeFilesystem::InodePtr inode, std::string path)
      : owner_(owner),
        inode_(std::move(inode)),
        path_(std::move(path)),
        generation_(owner.generation_) {}

  Status append(std::string_view bytes) override {
    const std::lock_guard guard(owner_.mutex_);
    const Status begun = owner_.use(inode_, generation_, FileOperation::append, path_);
    const bool is_dead = generation_ != owner_.generation_;
    if (!is_dead) inode_->bytes += begun ? bytes : bytes.substr(0, bytes.size() / 2);
    return begun;
  }
  Status sync() override {
    const std::lock_guard guard(owner_.mutex_);
    const Status begun = owner_.use(inode_, generation_, FileOperation::sync, path_);
    if (begun) inode_->durable = inode_->bytes;
    if (!begun && generation_ == owner_.generation_) inode_->has_failed_sync = true;
    return begun;
  }
  Status close() override {
    const std::lock_guard guard(owner_.mutex_);
    return owner_.begin(FileOperation::close, path_);
  }

 private:
  FakeFilesystem& owner_;
  FakeFilesystem::InodePtr inode_;
  std::string path_;
  uint64_t generation_;
};

class FakeReadableFile final : public ReadableFile {
 public:
  FakeReadableFile(FakeFilesystem& owner, FakeFilesystem::InodePtr inode, std::string path)
      : owner_(owner), inode_(std::move(inode)), path_(std::move(path)) {}

  Status read_at(uint64_t offset, size_t size, char* out) override {
    const std::lock_guard guard(owner_.mutex_);
    SLUICE_TRY(owner_.begin(FileOperation::read, path_));
    const std::string& bytes = inode_->bytes;
    if (offset > bytes.size() || size > bytes.size() - offset)
      return fail_io("read", path_, "short read");
    if (size > 0) std::memcpy(out, bytes.data() + offset, size);
    return {};
  }
  Result<uint64_t> size() override {
    const std::lock_guard guard(owner_.mutex_);
    return inode_->bytes.size();
  }

 private:
  FakeFilesystem& owner_;
  FakeFilesystem::InodePtr inode_;
  std::string path_;
};

class FakeFileLock final : public FileLock {
 public:
  FakeFileLock(FakeFilesystem& owner, std::string path)
      : owner_(owner), path_(std::move(path)), generation_(owner.generation_) {}
  ~FakeFileLock() override {
    const std::lock_guard guard(owner_.mutex_);
    if (generation_ == owner_.generation_) owner_.locks_.erase(path_);
  }
  FakeFileLock(const FakeFileLock&) = delete;
  FakeFileLock& operator=(const FakeFileLock&) = delete;

 private:
  FakeFilesystem& owner_;
  std::string path_;
  uint64_t generation_;
};

Status FakeFilesystem::begin(FileOperation operation, const std::string& path) {
  const auto kind = static_cast<size_t>(operation);
  const uint64_t number = ++counts_[kind];
  if (changes_something(operation) && ++operations_ >= fail_from_)
    return fail_io("change", path, "injected fault");
  if (number != fail_at_[kind]) return {};
  fail_at_[kind] = never;
  return fail_io("use", path, "injected fault");
}

Status FakeFilesystem::use(const InodePtr& inode, uint64_t generation, FileOperation operation,
                           const std::string& path) {
  if (generation != generation_) return fail_io("use", path, "opened before the power was lost");
  if (inode->has_failed_sync) {
    ++uses_after_failed_sync_;
    return fail_io("use", path, "its sync failed before");
  }
  return begin(operation, path);
}

Result<FakeFilesystem::InodePtr> FakeFilesystem::find(const std::string& path) const {
  const auto found = names_.find(path);
  if (found == names_.end()) return fail_io("open", path, "No such file or directory");
  return found->second;
}

Result<std::unique_ptr<WritableFile>> FakeFilesystem::open_writable(const std::string& path,
                                                                    bool truncate) {
  SLUICE_TRY(begin(FileOperation::create, path));
  if (!folders_.contains(folder_of(path)))
    return fail_io("create", path, "No such file or directory");
  if (folders_.contains(path)) return fail_io("create", path, "Is a directory");
  InodePtr& inode = names_[path];
  if (!inode) inode = std::make_shared<Inode>();
  inode->has_failed_sync = false;
  if (truncate) inode->bytes.clear();
  return std::make_unique<FakeWritableFile>(*this, inode, path);
}

Result<std::unique_ptr<WritableFile>> FakeFilesystem::create(const std::string& path) {
  const std::lock_guard guard(mutex_);
  return open_writable(path, true);
}

Result<std::unique_ptr<WritableFile>> FakeFilesystem::append_to(const std::string& path) {
  const std::lock_guard guard(mutex_);
  return open_writable(path, false);
}

Result<std::unique_ptr<ReadableFile>> FakeFilesystem::open(const std::string& path) {
  const std::lock_guard guard(mutex_);
  SLUICE_ASSIGN(InodePtr inode, find(path));
  return std::make_unique<FakeReadableFile>(*this, std::move(inode), path);
}

Result<std::string> FakeFilesystem::read_all(const std::string& path, uint64_t max_bytes) {
  const std::lock_guard guard(mutex_);
  SLUICE_ASSIGN(const InodePtr inode, find(path));
  SLUICE_TRY(begin(FileOperation::read, path));
  if (inode->bytes.size() > max_bytes) return fail_io("read", path, "too large");
  return inode->bytes;
}

Status FakeFilesystem::rename(const std::string& from, const std::string& to) {
  const std::lock_guard guard(mutex_);
  SLUICE_TRY(begin(FileOperation::rename, from));
  SLUICE_ASSIGN(const InodePtr inode, find(from));
  if (!folders_.contains(folder_of(to)))
    return fail_io("rename", from, "No such file or directory");
  names_.erase(from);
  names_[to] = inode;
  return {};
}

Status FakeFilesystem::remove(const std::string& path) {
  const std::lock_guard guard(mutex_);
  SLUICE_TRY(begin(FileOperation::remove, path));
  SLUICE_TRY(find(path));
  names_.erase(path);
  return {};
}

Status FakeFilesystem::truncate(const std::string& path, uint64_t size) {
  const std::lock_guard guard(mutex_);
  SLUICE_TRY(begin(FileOperation::truncate, path));
  SLUICE_ASSIGN(const InodePtr inode, find(path));
  inode->bytes.resize(size);
  return {};
}

Status FakeFilesystem::create_directories(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const std::string whole = without_trailing_slash(path);
  for (size_t end = 1; end <= whole.size(); ++end) {
    if (end < whole.size() && whole[end] != '/') continue;
    const std::string folder = whole.substr(0, end);
    if (names_.contains(folder)) return fail_io("create the folder", folder, "Not a directory");
    folders_.insert(folder);
  }
  return {};
}

Result<std::vector<std::string>> FakeFilesystem::list(const std::string& path) {
  const std::lock_guard guard(mutex_);
  const std::string folder = without_trailing_slash(path);
  if (!folders_.contains(folder)) return fail_io("list", path, "No such file or directory");
  std::vector<std::string> names;
  for (const auto& [file, inode] : names_) {
    if (folder_of(file) == folder) names.push_back(name_of(file));
  }
  for (const std::string& inner : folders_) {
    const bool is_root = inner == "." || inner == "/";
    if (!is_root && folder_of(inner) == folder) names.push_back(name_of(inner));
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool FakeFilesystem::exists(const std::string& path) {
  const std::lock_guard guard(mutex_);
  return names_.contains(path) || folders_.contains(without_trailing_slash(path));
}

void FakeFilesystem::before_next_folder_sync(std::function<void()> act) {
  const std::lock_guard guard(mutex_);
  before_folder_sync_ = std::move(act);
}

Status FakeFilesystem::sync_directory(const std::string& path) {
  std::function<void()> act;
  {
    const std::lock_guard guard(mutex_);
    act = std::exchange(before_folder_sync_, nullptr);
  }
  if (act) act();
  const std::lock_guard guard(mutex_);
  const std::string folder = without_trailing_slash(path);
  SLUICE_TRY(begin(FileOperation::sync_directory, path));
  if (!folders_.contains(folder)) return fail_io("open", path, "No such file or directory");
  std::erase_if(durable_names_,
                [&](const auto& entry) { return folder_of(entry.first) == folder; });
  for (const auto& [file, inode] : names_) {
    if (folder_of(file) == folder) durable_names_[file] = inode;
  }
  return {};
}

Result<std::unique_ptr<FileLock>> FakeFilesystem::lock(const std::string& path) {
  const std::lock_guard guard(mutex_);
  if (!folders_.contains(folder_of(path)))
    return fail_io("lock", path, "No such file or directory");
  if (!locks_.insert(path).second) {
    return fail(ErrorCode::state_locked, path + " is locked by another process");
  }
  if (!names_.contains(path)) names_[path] = std::make_shared<Inode>();
  return std::make_unique<FakeFileLock>(*this, path);
}

void FakeFilesystem::fail_nth(FileOperation operation, uint64_t nth) {
  const std::lock_guard guard(mutex_);
  const auto kind = static_cast<size_t>(operation);
  fail_at_[kind] = counts_[kind] + nth;
}

void FakeFilesystem::fail_from(uint64_t nth) {
  const std::lock_guard guard(mutex_);
  fail_from_ = nth;
}

void FakeFilesystem::lose_power(uint64_t kept_bytes) {
  lose_power(kept_bytes, [](const std::string&) { return false; });
}

void FakeFilesystem::lose_power(uint64_t kept_bytes,
                                const std::function<bool(const std::string& path)>& keeps) {
  const std::lock_guard guard(mutex_);
  Names changed = durable_names_;
  changed.insert(names_.begin(), names_.end());
  for (const auto& [path, inode] : changed) {
    if (!keeps(path)) continue;
    const auto now = names_.find(path);
    if (now == names_.end()) {
      durable_names_.erase(path);
    } else {
      durable_names_[path] = now->second;
    }
  }
  names_ = durable_names_;
  for (const auto& [path, inode] : names_) {
    const bool only_grew = inode->bytes.starts_with(inode->durable);
    if (only_grew) {
      inode->bytes.resize(std::min(inode->bytes.size(), inode->durable.size() + kept_bytes));
    } else {
      inode->bytes = inode->durable;
    }
    inode->durable = inode->bytes;
    inode->has_failed_sync = false;
  }
  locks_.clear();
  ++generation_;
  fail_from_ = never;
  fail_at_.fill(never);
}

uint64_t FakeFilesystem::count(FileOperation operation) const {
  const std::lock_guard guard(mutex_);
  return counts_[static_cast<size_t>(operation)];
}

uint64_t FakeFilesystem::operations() const {
  const std::lock_guard guard(mutex_);
  return operations_;
}

uint64_t FakeFilesystem::uses_after_failed_sync() const {
  const std::lock_guard guard(mutex_);
  return uses_after_failed_sync_;
}

std::string FakeFilesystem::content(const std::string& path) const {
  const std::lock_guard guard(mutex_);
  const auto found = names_.find(path);
  return found == names_.end() ? std::string() : found->second->bytes;
}

void FakeFilesystem::corrupt(const std::string& path, std::string bytes) {
  const std::lock_guard guard(mutex_);
  InodePtr& inode = names_[path];
  if (!inode) inode = std::make_shared<Inode>();
  inode->bytes = inode->durable = std::move(bytes);
  durable_names_[path] = inode;
}

}  // namespace sluice::test
