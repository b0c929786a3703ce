#include "connectors/file/data_files.hpp"

#include "connectors/file/folder.hpp"

namespace sluice::file {

namespace {

constexpr size_t buffer_bytes = 256 * 1024;

}  // namespace

Result<uint64_t> DataFiles::length_of(const std::string& path) {
  if (!filesystem_.exists(whole(path))) return uint64_t{0};
  SLUICE_ASSIGN(const auto file, filesystem_.open(whole(path)));
  return file->size();
}

Status DataFiles::cut_back(const std::map<std::string, uint64_t>& lengths) {
  open_.clear();
  for (const auto& [path, length] : lengths) {
    SLUICE_ASSIGN(const uint64_t present, length_of(path));
    if (present == length) continue;
    if (present < length) {
      return fail(ErrorCode::target_refused,
                  whole(path) + " has " + std::to_string(present) + " bytes, fewer than the " +
                      std::to_string(length) + " that were written",
                  "put the file back, or start afresh with a new folder and a new state folder");
    }
    SLUICE_TRY(filesystem_.truncate(whole(path), length));
    SLUICE_ASSIGN(const auto file, filesystem_.append_to(whole(path)));
    SLUICE_TRY(file->sync());
    SLUICE_TRY(file->close());
  }
  return {};
}

Result<DataFiles::OpenFile*> DataFiles::open_file(const std::string& path) {
  const auto found = open_.find(path);
  if (found != open_.end()) return &found->second;
  OpenFile file;
  file.is_new = !filesystem_.exists(whole(path));
  if (file.is_new) SLUICE_TRY(filesystem_.create_directories(parent_of(whole(path))));
  SLUICE_ASSIGN(file.file, filesystem_.append_to(whole(path)));
  return &open_.emplace(path, std::move(file)).first->second;
}

Status DataFiles::write_out(OpenFile& file) {
  if (file.buffer.empty()) return {};
  SLUICE_TRY(file.file->append(file.buffer));
  file.buffer.clear();
  return {};
}

Status DataFiles::append(const std::string& path, std::string_view line) {
  SLUICE_ASSIGN(OpenFile * file, open_file(path));
  file->buffer.append(line).push_back('\n');
  return file->buffer.size() < buffer_bytes ? Status{} : write_out(*file);
}

Status DataFiles::write_out() {
  for (auto& [path, file] : open_) SLUICE_TRY(write_out(file));
  return {};
}

Status DataFiles::sync_names(const std::string& path) {
  std::string name = whole(path);
  while (name.size() > folder_.size()) {
    name = parent_of(name);
    SLUICE_TRY(filesystem_.sync_directory(name));
  }
  return {};
}

Status DataFiles::sync() {
  for (auto& [path, file] : open_) {
    SLUICE_TRY(write_out(file));
    SLUICE_TRY(file.file->sync());
    SLUICE_TRY(file.file->close());
    if (file.is_new) SLUICE_TRY(sync_names(path));
  }
  open_.clear();
  return {};
}

}  // namespace sluice::file
