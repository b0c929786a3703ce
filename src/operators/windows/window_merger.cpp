// What the shapes of windows have in common, and windows of one pane.
#include "operators/windows/window_merger.hpp"

#include <algorithm>
#include <limits>

namespace sluice {

namespace {

class SingleWindows final : public WindowMerger {
 public:
  explicit SingleWindows(PaneStore& panes) : WindowMerger(panes) {}

  std::optional<int64_t> next_end() override {
    const Pane* next = panes_.next_after(fired_until_us_);
    return next == nullptr ? std::nullopt : std::optional(next->id.first_end_us);
  }
  Status fire(int64_t end_us, WindowOutput& output) override {
    fired_until_us_ = end_us;
    return output.add_all(panes_.find({end_us, end_us})->table, end_us);
  }
};

}  // namespace

void WindowMerger::rebuild() {}
void WindowMerger::before_change(Pane&, std::span<const uint32_t>) {}
void WindowMerger::after_change(Pane&, std::span<const uint32_t>) {}

int64_t WindowMerger::close(int64_t until_us) {
  int64_t rows = 0;
  for (Pane* pane : panes_.ending(std::numeric_limits<int64_t>::min(), until_us)) {
    rows += pane->table.total_rows();
    panes_.erase(*pane);
  }
  return rows;
}

int64_t WindowMerger::last_begun(const Pane& pane) { return pane.id.last_end_us; }

std::unique_ptr<WindowMerger> make_single_windows(const WindowMergerSettings& settings) {
  return std::make_unique<SingleWindows>(settings.panes);
}

}  // namespace sluice
