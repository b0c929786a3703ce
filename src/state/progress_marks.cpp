#include "state/progress_marks.hpp"

#include <algorithm>

#include "state/state_bytes.hpp"

namespace sluice {

void ProgressMarks::raise(size_t index, int64_t time_us) {
  if (time_us <= marks_us_[index]) return;
  marks_us_[index] = time_us;
  is_changed_ = true;
}

void ProgressMarks::snapshot(StateWriter& writer) {
  const bool is_written = is_changed_ || writer.kind() == SnapshotKind::full;
  is_changed_ = false;
  const bool has_any = std::any_of(marks_us_.begin(), marks_us_.end(),
                                   [](int64_t time_us) { return time_us != none; });
  if (!is_written || !has_any) return;
  std::string bytes;
  for (const int64_t time_us : marks_us_) append_value(time_us, bytes);
  for (uint16_t group = groups_.first; group < groups_.last; ++group) {
    writer.put(table_, KeyGroup(group), {}, bytes);
  }
}

// What is furthest holds for all groups that the task owns now, and is saved with them.
Status ProgressMarks::restore(const StateEntry& entry) {
  StateBytesReader bytes(entry.value);
  for (int64_t& mark_us : marks_us_) mark_us = std::max(mark_us, bytes.take<int64_t>());
  is_changed_ = true;
  if (bytes.is_finished()) return {};
  return fail(ErrorCode::state_corrupt, "the saved time of a step is malformed");
}

}  // namespace sluice
