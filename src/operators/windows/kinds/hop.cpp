// Windows of HOP: the panes of the window that fired last are kept merged. For the next window, the
// panes that begin with it are added and those that ended with the last one are taken back, so that
// the cost does not grow with the number of panes.
#include <algorithm>

#include "operators/windows/pane_aggregate.hpp"
#include "operators/windows/window_operators.hpp"

namespace sluice {

namespace {

class SlidingWindows final : public WindowMerger {
 public:
  explicit SlidingWindows(const WindowMergerSettings& settings)
      : WindowMerger(settings.panes),
        assigner_(settings.assigner),
        merged_(settings.layout, {AccumulatorMode::retractable, std::nullopt, nullptr}) {}

  void rebuild() override {
    for (Pane* pane : panes_.all()) {
      if (is_merged(*pane)) merged_.merge(pane->table, pane->table.live_ids());
    }
  }

  std::optional<int64_t> next_end() override {
    if (merged_.total_rows() > 0) return assigner_.next_end(fired_until_us_);
    const Pane* next = panes_.next_after(fired_until_us_);
    return next == nullptr ? std::nullopt : std::optional(next->id.first_end_us);
  }

  Status fire(int64_t end_us, WindowOutput& output) override {
    for (Pane* pane : panes_.beginning(fired_until_us_, end_us)) {
      merged_.merge(pane->table, pane->table.live_ids());
    }
    fired_until_us_ = end_us;
    SLUICE_TRY(output.add_all(merged_, end_us));
    for (Pane* pane : panes_.ending(end_us, end_us)) take_back(*pane, pane->table.live_ids());
    return {};
  }

  void before_change(Pane& pane, std::span<const uint32_t> ids) override {
    if (!is_merged(pane)) return;
    std::vector<uint32_t> known;
    for (const uint32_t id : ids) {
      if (pane.table.rows(id) > 0) known.push_back(id);
    }
    take_back(pane, known);
  }
  void after_change(Pane& pane, std::span<const uint32_t> ids) override {
    if (is_merged(pane)) merged_.merge(pane.table, ids);
  }

  uint64_t allocated_bytes() const override { return merged_.allocated_bytes(); }

 private:
  bool is_merged(const Pane& pane) const {
    return pane.id.first_end_us <= fired_until_us_ && fired_until_us_ < pane.id.last_end_us;
  }

  void take_back(const Pane& pane, const std::vector<uint32_t>& ids) {
    merged_.unmerge(pane.table, ids);
    for (const uint32_t id : ids) {
      const uint32_t own = merged_.find(pane.table, id);
      if (merged_.rows(own) == 0) merged_.erase(own);
    }
  }

  const WindowAssigner& assigner_;
  AggregateTable merged_;
};

std::unique_ptr<WindowMerger> make_merger(const WindowMergerSettings& settings) {
  return std::make_unique<SlidingWindows>(settings);
}

}  // namespace

void register_hop(WindowOperators& operators) {
  operators.add("hop", [](WindowAggregateSettings settings) {
    return make_pane_aggregate(std::move(settings), make_merger);
  });
}

}  // namespace sluice
