#include "connectors/file/file_marker.hpp"

#include <charconv>

#include "base/checksum.hpp"

namespace sluice::file {

namespace {

constexpr uint64_t max_marker_bytes = 16 * 1024 * 1024;
constexpr std::string_view first_line = "sluice file marker 1";
constexpr std::string_view prefix = ".sluice-";
constexpr std::string_view suffix = ".marker";

// Takes the marker's lines one after the other; after one that is not as expected nothing is right.
class LineParser {
 public:
  explicit LineParser(std::string_view text) : rest_(text) {}

  bool is_right() const { return is_right_; }
  bool starts_with(std::string_view word) const { return rest_.starts_with(word); }
  size_t size_left() const { return rest_.size(); }

  std::string_view take(std::string_view word, char end) {
    const size_t length = rest_.find(end);
    is_right_ = is_right_ && rest_.starts_with(word) && length != std::string_view::npos;
    if (!is_right_) return {};
    const std::string_view value = rest_.substr(word.size(), length - word.size());
    rest_.remove_prefix(length + 1);
    return value;
  }
  uint64_t take_number(std::string_view word, char end) {
    const std::string_view text = take(word, end);
    uint64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    is_right_ = is_right_ && parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    return number;
  }

 private:
  std::string_view rest_;
  bool is_right_ = true;
};

std::optional<FileMarker> parse(std::string_view text) {
  LineParser lines(text);
  lines.take(first_line, '\n');
  FileMarker read;
  read.marker.uid = lines.take("uid ", '\n');
  read.marker.owner = lines.take("owner ", '\n');
  read.marker.epoch = Epoch(lines.take_number("epoch ", '\n'));
  read.marker.checksum = lines.take_number("checksum ", '\n');
  read.marker.rejects_checksum = lines.take_number("rejects ", '\n');
  while (lines.is_right() && lines.starts_with("file ")) {
    lines.take("file", ' ');
    const uint64_t length = lines.take_number("", ' ');
    read.lengths[std::string(lines.take("", '\n'))] = length;
  }
  const std::string_view summed = text.substr(0, text.size() - lines.size_left());
  const bool is_whole = lines.take_number("sum ", '\n') == checksum(summed);
  if (!lines.is_right() || !is_whole || lines.size_left() > 0) return std::nullopt;
  return read;
}

void append_line(std::string_view word, std::string_view value, std::string& text) {
  text.append(word).append(value).push_back('\n');
}

}  // namespace

std::string marker_name(const std::string& target_id) {
  return std::string(prefix) + target_id + std::string(suffix);
}

bool is_marker_name(const std::string& name) {
  return name.starts_with(prefix) && name.ends_with(suffix);
}

Result<std::optional<FileMarker>> read_marker(Filesystem& filesystem, const std::string& path) {
  if (!filesystem.exists(path)) return std::optional<FileMarker>();
  SLUICE_ASSIGN(const std::string text, filesystem.read_all(path, max_marker_bytes));
  std::optional<FileMarker> marker = parse(text);
  if (!marker) return fail(ErrorCode::target_refused, path + " is damaged or of another version");
  return marker;
}

Status write_marker(Filesystem& filesystem, const std::string& path, const FileMarker& marker) {
  std::string text(first_line);
  text.push_back('\n');
  append_line("uid ", marker.marker.uid, text);
  append_line("owner ", marker.marker.owner, text);
  append_line("epoch ", std::to_string(marker.marker.epoch.value), text);
  append_line("checksum ", std::to_string(marker.marker.checksum), text);
  append_line("rejects ", std::to_string(marker.marker.rejects_checksum), text);
  for (const auto& [file, length] : marker.lengths)
    append_line("file " + std::to_string(length) + " ", file, text);
  append_line("sum ", std::to_string(checksum(text)), text);
  return filesystem.replace_atomically(path, text);
}

}  // namespace sluice::file
