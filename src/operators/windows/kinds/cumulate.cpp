// Windows of CUMULATE: what can change no more of a largest window is kept in one pane, its base,
// so that a step costs the rows of the step and the keys of the window, however many steps came
// before. The base's first_end is the window's start: it counts in all of its steps.
#include "operators/windows/pane_aggregate.hpp"
#include "operators/windows/window_operators.hpp"

namespace sluice {

namespace {

class CumulatingWindows final : public WindowMerger {
 public:
  explicit CumulatingWindows(const WindowMergerSettings& settings)
      : WindowMerger(settings.panes),
        assigner_(settings.assigner),
        layout_(settings.layout),
        keeps_fired_(settings.keeps_fired) {}

  // Every step after the first row has its row for each key, also one in which nothing came.
  std::optional<int64_t> next_end() override {
    if (WindowAssigner::is_in_range(fired_until_us_)) {
      const WindowRun run = assigner_.open_run(fired_until_us_);
      const Pane* first = panes_.first_with(run.last_end_us);
      const bool has_begun = first != nullptr && first->id.first_end_us <= fired_until_us_;
      if (has_begun) return run.first_end_us;
    }
    const Pane* next = panes_.next_after(fired_until_us_);
    return next == nullptr ? std::nullopt : std::optional(next->id.first_end_us);
  }

  Status fire(int64_t end_us, WindowOutput& output) override {
    fired_until_us_ = end_us;
    const int64_t last_end_us = assigner_.run_of(end_us - 1).last_end_us;
    if (!keeps_fired_) {
      fold_into_base(last_end_us, end_us);
      return output.add_all(base_of(last_end_us).table, end_us);
    }
    AggregateTable window(layout_, {});
    for (Pane* pane : panes_.begun_with(last_end_us, end_us)) {
      window.merge(pane->table, pane->table.live_ids());
    }
    return output.add_all(window, end_us);
  }

  int64_t close(int64_t until_us) override {
    const int64_t rows = WindowMerger::close(until_us);
    if (keeps_fired_ && WindowAssigner::is_in_range(until_us)) {
      fold_into_base(assigner_.open_run(until_us).last_end_us, until_us);
    }
    return rows;
  }

  // Later steps are not begun before a row comes in them.
  int64_t last_begun(const Pane& pane) override {
    return panes_.last_with(pane.id.last_end_us)->id.first_end_us;
  }

 private:
  Pane& base_of(int64_t last_end_us) {
    return panes_.at({assigner_.start_of(last_end_us), last_end_us});
  }

  // The panes of one largest window that begin up to there.
  void fold_into_base(int64_t last_end_us, int64_t until_us) {
    const int64_t start_us = assigner_.start_of(last_end_us);
    for (Pane* pane : panes_.begun_with(last_end_us, until_us)) {
      if (pane->id.first_end_us == start_us) continue;
      Pane& base = base_of(last_end_us);
      base.table.merge(pane->table, pane->table.live_ids());
      panes_.erase(*pane);
      panes_.count_bytes(base);
    }
  }

  const WindowAssigner& assigner_;
  const AggregateLayout& layout_;
  bool keeps_fired_;
};

std::unique_ptr<WindowMerger> make_merger(const WindowMergerSettings& settings) {
  return std::make_unique<CumulatingWindows>(settings);
}

}  // namespace

void register_cumulate(WindowOperators& operators) {
  operators.add("cumulate", [](WindowAggregateSettings settings) {
    return make_pane_aggregate(std::move(settings), make_merger);
  });
}

}  // namespace sluice
