#include "connectors/file/file_publisher.hpp"

#include <filesystem>
#include <set>

#include "connectors/file/data_files.hpp"
#include "connectors/file/failpoints.hpp"
#include "connectors/file/file_marker.hpp"
#include "connectors/file/file_sink.hpp"
#include "connectors/file/folder.hpp"
#include "kit/marker_rules.hpp"

namespace sluice::file {

namespace {

class FilePublisher final : public Publisher {
 public:
  FilePublisher(const PublisherRequest& request, std::string folder)
      : filesystem_(*request.environment.filesystem),
        failpoints_(*request.environment.failpoints),
        ids_(request.ids),
        folder_(std::move(folder)),
        marker_path_(folder_ + "/" + marker_name(ids_.target_id)),
        files_(filesystem_, folder_) {}

  Result<std::string> identity() override {
    return "file:" + std::filesystem::path(folder_).lexically_normal().string();
  }

  std::string marker_place() const override { return "file " + marker_path_; }

  Result<std::optional<Marker>> look() override {
    SLUICE_TRY(check_folder());
    SLUICE_ASSIGN(const auto found, read_marker(filesystem_, marker_path_));
    if (!found) return std::optional<Marker>();
    return found->marker;
  }

  Result<Marker> claim(const std::optional<Marker>& expected) override {
    SLUICE_TRY(check_folder());
    SLUICE_ASSIGN(const auto lock, take_lock());
    SLUICE_ASSIGN(const auto found, read_marker(filesystem_, marker_path_));
    FileMarker next = found.value_or(FileMarker{});
    SLUICE_ASSIGN(
        next.marker,
        claim_marker(ids_, found ? std::optional(found->marker) : std::nullopt, expected));
    SLUICE_TRY(write_marker(filesystem_, marker_path_, next));
    SLUICE_TRY(files_.cut_back(next.lengths));
    return next.marker;
  }

  Result<PublishOutcome> publish(const PublishRequest& request) override {
    SLUICE_ASSIGN(const auto lock, take_lock());
    SLUICE_ASSIGN(FileMarker marker, own_marker());
    SLUICE_TRY(check_follows(ids_, marker.marker, request.after));
    SLUICE_TRY(append_epoch(request, marker));
    SLUICE_TRY(failpoints_.hit(failpoints::after_rows));
    marker.marker = marker_with(request);
    if (!write_marker(filesystem_, marker_path_, marker)) return PublishOutcome::unknown;
    if (!failpoints_.hit(failpoints::after_marker)) return PublishOutcome::unknown;
    return PublishOutcome::published;
  }

  // The marker is written once more: the rename of the attempt before may not be durable yet.
  Result<Marker> resolve() override {
    SLUICE_ASSIGN(const auto lock, take_lock());
    SLUICE_ASSIGN(const FileMarker marker, own_marker());
    SLUICE_TRY(write_marker(filesystem_, marker_path_, marker));
    SLUICE_TRY(files_.cut_back(marker.lengths));
    return marker.marker;
  }

  Status write_through(uint32_t, std::string_view definition, std::string_view operation) override {
    SLUICE_ASSIGN(const std::string path, parse_definition(definition));
    written_through_.insert(path);
    return files_.append(path, operation);
  }

  Status send() override { return files_.write_out(); }

  // A marker of an exactly-once run before this one must not cut off what was written since.
  Status flush() override {
    SLUICE_TRY(files_.sync());
    if (written_through_.empty()) return {};
    SLUICE_ASSIGN(const auto lock, take_lock());
    SLUICE_ASSIGN(auto found, read_marker(filesystem_, marker_path_));
    if (found) {
      SLUICE_TRY(note_lengths(written_through_, *found));
      SLUICE_TRY(write_marker(filesystem_, marker_path_, *found));
    }
    written_through_.clear();
    return {};
  }

 private:
  Status check_folder() {
    if (filesystem_.list(folder_)) return {};
    return fail(ErrorCode::target_unsuitable, "folder " + folder_ + " does not exist",
                "create the folder, or correct the connection's path");
  }

  // Held while the marker moves; a process that was stopped while it held it blocks the others.
  Result<std::unique_ptr<FileLock>> take_lock() {
    auto lock = filesystem_.lock(folder_ + "/.sluice-" + ids_.target_id + ".lock");
    if (!lock) lock.error().retry = Retry::later;
    return lock;
  }

  Result<FileMarker> own_marker() {
    SLUICE_ASSIGN(auto found, read_marker(filesystem_, marker_path_));
    SLUICE_TRY(sluice::own_marker(ids_, found ? std::optional(found->marker) : std::nullopt));
    return std::move(*found);
  }

  Status append_epoch(const PublishRequest& request, FileMarker& marker) {
    std::vector<std::string> paths;
    for (const std::string& definition : request.sinks) {
      SLUICE_ASSIGN(std::string path, parse_definition(definition));
      paths.push_back(std::move(path));
    }
    const std::set<std::string> written(paths.begin(), paths.end());
    SLUICE_TRY(enter_new_files(written, marker));
    SLUICE_TRY(failpoints_.hit(failpoints::after_new_files));
    SLUICE_TRY(files_.cut_back(marker.lengths));
    SLUICE_TRY(request.operations->rewind());
    while (true) {
      SLUICE_ASSIGN(const auto operation, request.operations->next());
      if (!operation) break;
      SLUICE_TRY(files_.append(paths[operation->sink], operation->bytes));
    }
    SLUICE_TRY(files_.sync());
    return note_lengths(written, marker);
  }

  Status enter_new_files(const std::set<std::string>& paths, FileMarker& marker) {
    std::set<std::string> unknown;
    for (const std::string& path : paths) {
      if (!marker.lengths.contains(path)) unknown.insert(path);
    }
    if (unknown.empty()) return {};
    SLUICE_TRY(refuse_files_of_others(unknown));
    SLUICE_TRY(note_lengths(unknown, marker));
    return write_marker(filesystem_, marker_path_, marker);
  }

  // Two pipelines that append to one file would cut off each other's lines.
  Status refuse_files_of_others(const std::set<std::string>& paths) {
    SLUICE_ASSIGN(const auto names, filesystem_.list(folder_));
    for (const std::string& name : names) {
      const std::string path = folder_ + "/" + name;
      if (!is_marker_name(name) || path == marker_path_) continue;
      SLUICE_ASSIGN(const auto other, read_marker(filesystem_, path));
      for (const std::string& file : paths) {
        if (!other || !other->lengths.contains(file)) continue;
        return fail(ErrorCode::target_refused,
                    folder_ + "/" + file + " is written by another pipeline: " + name,
                    "let every pipeline write files of its own");
      }
    }
    return {};
  }

  Status note_lengths(const std::set<std::string>& paths, FileMarker& marker) {
    for (const std::string& path : paths) {
      SLUICE_ASSIGN(marker.lengths[path], files_.length_of(path));
    }
    return {};
  }

  Filesystem& filesystem_;
  Failpoints& failpoints_;
  PublisherIds ids_;
  std::string folder_;
  std::string marker_path_;
  DataFiles files_;
  std::set<std::string> written_through_;
};

}  // namespace

Result<std::unique_ptr<Publisher>> make_publisher(const PublisherRequest& request) {
  return std::make_unique<FilePublisher>(request, folder_of(*request.connection));
}

}  // namespace sluice::file
