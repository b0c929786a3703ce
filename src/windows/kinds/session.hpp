// SESSION(rel, ts, gap [, partition_by => column]): the rows of a partition that are no further
// apart than the gap; from the first to the gap behind the last.
#pragma once

#include "windows/window.hpp"

namespace sluice {

class SessionWindow final : public Window {
 public:
  explicit SessionWindow(int64_t gap_us) : gap_us_(gap_us) {}

  int64_t gap_us() const { return gap_us_; }

  std::string_view name() const override { return "session"; }
  std::string text(const std::string& time) const override;
  std::string canonical_text(const std::string& time) const override;
  std::optional<WindowLength> length() const override { return std::nullopt; }
  bool is_told_by_start() const override { return true; }
  bool may_overlap() const override { return false; }
  // A row exactly the gap behind the last one is in its session, which ends there.
  int64_t open_after_end_us() const override { return 1; }
  std::unique_ptr<const WindowAssigner> assigner(TypeKind, const TimeZone&) const override;
  bool depends_on_rows() const override { return true; }

 private:
  int64_t gap_us_;
};

}  // namespace sluice
