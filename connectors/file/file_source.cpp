#include "connectors/file/file_source.hpp"

#include <algorithm>

#include "base/checksum.hpp"
#include "config/utf8.hpp"
#include "connectors/file/folder.hpp"
#include "connectors/file/line_reader.hpp"
#include "kit/split_source.hpp"

namespace sluice::file {

namespace {

constexpr size_t max_poll_bytes = 4 * 1024 * 1024;
// How many bytes before a saved position tell that the file is still the same.
constexpr uint64_t remembered_bytes = 256;

Result<uint64_t> hash_before(ReadableFile& file, uint64_t offset) {
  std::string bytes(std::min(offset, remembered_bytes), '\0');
  SLUICE_TRY(file.read_at(offset - bytes.size(), bytes.size(), bytes.data()));
  return checksum(bytes);
}

struct FileSplit {
  std::shared_ptr<const Origin> origin;
  SplitPosition position;
  std::unique_ptr<ReadableFile> file;
  std::unique_ptr<LineReader> lines;
  bool is_finished = false;
};

class FileSource final : public SplitSource<FileSplit> {
 public:
  explicit FileSource(const std::string& folder) : folder_(folder) {}

  Status open(const SourceContext& context) override {
    environment_ = context.environment;
    return {};
  }

  Status assign(const std::vector<SplitAssignment>& splits) override {
    for (const SplitAssignment& assignment : splits) {
      SLUICE_ASSIGN(FileSplit split, open_split(assignment));
      splits_.push_back(std::move(split));
    }
    return {};
  }

 private:
  Result<FileSplit> open_split(const SplitAssignment& assignment) {
    const std::string path = folder_ + "/" + assignment.split->stream;
    SLUICE_ASSIGN(auto file, environment_.filesystem->open(path));
    SLUICE_ASSIGN(const uint64_t size, file->size());
    FileSplit split;
    split.origin = assignment.split;
    if (assignment.position) split.position = *assignment.position;
    const auto offset = static_cast<uint64_t>(split.position.next_offset);
    SLUICE_TRY(check_unchanged(*file, path, size, split.position));
    split.lines = std::make_unique<LineReader>(*file, path, size, offset);
    split.file = std::move(file);
    return split;
  }

  // What was read before must still stand there, or the saved position means nothing.
  static Status check_unchanged(ReadableFile& file, const std::string& path, uint64_t size,
                                const SplitPosition& position) {
    const auto offset = static_cast<uint64_t>(position.next_offset);
    if (offset == 0) return {};
    if (offset <= size) {
      SLUICE_ASSIGN(const uint64_t hash, hash_before(file, offset));
      if (hash == position.last_hash) return {};
    }
    return fail(ErrorCode::offset_out_of_range,
                path + " is not the file of which " + std::to_string(offset) + " bytes were read",
                "put the file back, or start afresh with a new state folder");
  }

  Result<std::optional<SplitRead>> read_split(FileSplit& split, size_t max_records,
                                              RawBatch& raw) override {
    if (split.is_finished) return std::nullopt;
    const uint64_t start = split.lines->offset();
    begin_batch(split, raw);
    const int64_t now_us = environment_.clock->now_us();
    while (raw.records.size() < max_records && split.lines->offset() - start < max_poll_bytes) {
      SLUICE_ASSIGN(const auto line, split.lines->next());
      if (!line) break;
      RawRecord record;
      record.value = raw.arena->copy(line->text);
      record.value_is_null = false;
      record.offset = static_cast<int64_t>(line->offset);
      record.timestamp_us = now_us;
      raw.records.push_back(record);
    }
    split.position.next_offset = static_cast<int64_t>(split.lines->offset());
    SLUICE_ASSIGN(split.position.last_hash, hash_before(*split.file, split.lines->offset()));
    split.is_finished = split.lines->is_at_end();
    return SplitRead{split.is_finished, split.is_finished};
  }

  int64_t lag_of(const FileSplit& split) const override { return split.is_finished ? 0 : -1; }

  const std::string& folder_;
  Environment environment_{};
};

class FileSourceDescription final : public SourceDescription {
 public:
  FileSourceDescription(std::string folder, std::string path)
      : folder_(std::move(folder)), path_(std::move(path)) {}

  std::string identity() const override { return "file:" + path_; }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return true; }

  Result<std::vector<std::shared_ptr<const Origin>>> discover(
      const Environment& environment) const override {
    SLUICE_ASSIGN(const auto paths, find_files(*environment.filesystem, folder_, path_));
    std::vector<std::shared_ptr<const Origin>> splits;
    for (const std::string& path : paths)
      splits.push_back(std::make_shared<Origin>(Origin{path, 0}));
    return splits;
  }
  // A folder is read without the folders in it.
  bool reads(std::string_view what) const override {
    const std::string own = use_of(folder_, path_);
    return what == own || parent_of(std::string(what)) == own;
  }
  std::unique_ptr<Source> create() const override { return std::make_unique<FileSource>(folder_); }

 private:
  std::string folder_;
  std::string path_;
};

// The name of a file is its records' topic, which is text: in checkpoints, dead letters and rows.
Status check_name(const std::string& folder, const std::string& name) {
  if (find_invalid_utf8(name) == std::string_view::npos) return {};
  return fail(
      ErrorCode::source_failed,
      "the name of the file \"" + escape_invalid_utf8(name) + "\" in " + folder + " is not UTF-8",
      "rename the file, move it away, or begin its name with a dot");
}

}  // namespace

Result<std::vector<std::string>> find_files(Filesystem& filesystem, const std::string& folder,
                                            const std::string& path) {
  const std::string whole = folder + "/" + path;
  if (!filesystem.exists(whole)) {
    return fail(ErrorCode::source_failed, whole + " does not exist",
                "correct the path, or put the file there");
  }
  const auto names = filesystem.list(whole);
  if (!names) return std::vector<std::string>{path};  // no folder: the file itself
  std::vector<std::string> paths;
  for (const std::string& name : *names) {
    if (name.starts_with('.')) continue;
    SLUICE_TRY(check_name(whole, name));
    paths.push_back(path + "/" + name);
  }
  return paths;
}

const OptionTable& source_options() {
  static const OptionTable table = {
      {"path", OptionKind::text, true, "",
       "file to read, or folder whose files are all read, inside the connection's folder"},
  };
  return table;
}

Result<std::unique_ptr<SourceDescription>> make_source(const Options& connection,
                                                       const Options& options) {
  const std::string& path = options.text("path");
  SLUICE_TRY(check_path(path));
  return std::make_unique<FileSourceDescription>(folder_of(connection), path);
}

}  // namespace sluice::file
