#include "connectors/file/line_reader.hpp"

#include <algorithm>

namespace sluice::file {

namespace {

constexpr size_t chunk_bytes = 256 * 1024;

}  // namespace

Result<bool> LineReader::fill() {
  buffer_.erase(0, begin_);
  begin_ = 0;
  const uint64_t position = offset_ + buffer_.size();
  const size_t wanted = std::min<uint64_t>(chunk_bytes, size_ - position);
  if (wanted == 0) return false;
  const size_t held = buffer_.size();
  buffer_.resize(held + wanted);
  SLUICE_TRY(file_.read_at(position, wanted, buffer_.data() + held));
  return true;
}

Result<std::optional<LineReader::Line>> LineReader::next() {
  if (is_at_end()) return std::nullopt;
  size_t searched = begin_;
  size_t end = buffer_.find('\n', searched);
  while (end == std::string::npos) {
    searched = buffer_.size() - begin_;
    if (searched > max_line_bytes) {
      return fail(ErrorCode::record_too_large,
                  path_ + ": the line at byte " + std::to_string(offset_) + " has more than " +
                      std::to_string(max_line_bytes) + " bytes",
                  "split the line, or remove it from the file");
    }
    SLUICE_ASSIGN(const bool has_more, fill());
    if (!has_more) break;
    end = buffer_.find('\n', searched);
  }
  const bool is_ended = end != std::string::npos;
  std::string_view text(buffer_.data() + begin_, (is_ended ? end : buffer_.size()) - begin_);
  const Line line{text.ends_with('\r') ? text.substr(0, text.size() - 1) : text, offset_};
  const size_t taken = text.size() + (is_ended ? 1 : 0);
  offset_ += taken;
  begin_ += taken;
  return line;
}

}  // namespace sluice::file
