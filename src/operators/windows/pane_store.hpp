// PaneStore: the panes of a windowed aggregate. A pane holds the rows that count in the same
// windows: those whose end lies from first_end to last_end. Rows that came in time share the pane
// of their slice; late ones, refused for its first windows, are in a pane that begins later.
//
// State entries: the keys of each pane's table (aggregate_table.hpp) behind first_end and last_end,
// 8 bytes each. Owned by one operator's instance, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "operators/aggregates/aggregate_table.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

struct PaneId {
  int64_t first_end_us = 0;
  int64_t last_end_us = 0;
  auto operator<=>(const PaneId&) const = default;

  bool counts_in(int64_t end_us) const { return first_end_us <= end_us && end_us <= last_end_us; }
};

struct Pane {
  Pane(PaneId which, const AggregateLayout& layout);

  const PaneId id;
  AggregateTable table;
  std::vector<uint32_t> rows;  // of the batch at hand
  bool is_saved = false;       // in any snapshot
  uint64_t counted_bytes = 0;
};

class PaneStore final : public StateStore {
 public:
  // The layout outlives the store.
  explicit PaneStore(const AggregateLayout& layout) : layout_(layout) {}

  // Made when it is not there.
  Pane& at(PaneId id);
  Pane* find(PaneId id);
  // The first pane whose first_end is later; null: none.
  Pane* next_after(int64_t end_us);
  // Panes by first_end, those with first_end in (after, until].
  std::vector<Pane*> beginning(int64_t after_us, int64_t until_us);
  // Panes by last_end, those with last_end in [from, until].
  std::vector<Pane*> ending(int64_t from_us, int64_t until_us);
  // Of the panes with one last_end: the first and the last by first_end, null if there is none, and
  // those whose first_end is not later than `begun_until_us`.
  Pane* first_with(int64_t last_end_us);
  Pane* last_with(int64_t last_end_us);
  std::vector<Pane*> begun_with(int64_t last_end_us, int64_t begun_until_us);
  std::vector<Pane*> all();
  // Whether any key of any pane is.
  bool has_marked(AggregateTable::Mark mark) const;
  // The pane's entries are removed at the next snapshot.
  void erase(Pane& pane);

  // To be called after a pane changed.
  void count_bytes(Pane& pane);

  bool has_table(uint8_t table) const override { return AggregateTable::has_table(table); }
  uint64_t bytes() const override { return bytes_; }
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;
  // How many rows came with all entries that were restored.
  int64_t restored_rows() const { return restored_rows_; }
  // Takes an entry, of a local aggregate too; how many rows came with it. The pane's bytes are not
  // counted.
  Result<int64_t> take(const StateEntry& entry);
  // The pane that an entry belongs to. Error state_corrupt.
  static Result<PaneId> pane_of(const StateEntry& entry);

 private:
  struct ByLastEnd {
    bool operator()(const PaneId& left, const PaneId& right) const {
      return left.last_end_us != right.last_end_us ? left.last_end_us < right.last_end_us
                                                   : left.first_end_us < right.first_end_us;
    }
  };

  const AggregateLayout& layout_;
  std::map<PaneId, std::unique_ptr<Pane>> panes_;  // by first_end
  std::map<PaneId, Pane*, ByLastEnd> by_last_end_;
  std::vector<std::unique_ptr<Pane>> erased_;  // until their entries are removed
  uint64_t bytes_ = 0;
  int64_t restored_rows_ = 0;
};

}  // namespace sluice
