#include "operators/windows/pane_store.hpp"

#include <algorithm>
#include <limits>

namespace sluice {

namespace {

constexpr int64_t earliest_us = std::numeric_limits<int64_t>::min();
constexpr int64_t latest_us = std::numeric_limits<int64_t>::max();

constexpr size_t prefix_bytes = 2 * sizeof(int64_t);

std::string prefix_of(PaneId id) {
  std::string prefix;
  append_value(id.first_end_us, prefix);
  append_value(id.last_end_us, prefix);
  return prefix;
}

}  // namespace

Pane::Pane(PaneId which, const AggregateLayout& layout)
    : id(which), table(layout, {AccumulatorMode::insert_only, prefix_of(which), nullptr}) {}

Pane& PaneStore::at(PaneId id) {
  std::unique_ptr<Pane>& pane = panes_[id];
  if (!pane) {
    pane = std::make_unique<Pane>(id, layout_);
    by_last_end_.emplace(id, pane.get());
  }
  return *pane;
}

Pane* PaneStore::find(PaneId id) {
  const auto found = panes_.find(id);
  return found == panes_.end() ? nullptr : found->second.get();
}

Pane* PaneStore::next_after(int64_t end_us) {
  const auto next = panes_.upper_bound({end_us, latest_us});
  return next == panes_.end() ? nullptr : next->second.get();
}

std::vector<Pane*> PaneStore::beginning(int64_t after_us, int64_t until_us) {
  std::vector<Pane*> found;
  for (auto at = panes_.upper_bound({after_us, latest_us});
       at != panes_.end() && at->first.first_end_us <= until_us; ++at) {
    found.push_back(at->second.get());
  }
  return found;
}

std::vector<Pane*> PaneStore::ending(int64_t from_us, int64_t until_us) {
  std::vector<Pane*> found;
  for (auto at = by_last_end_.lower_bound({earliest_us, from_us});
       at != by_last_end_.end() && at->first.last_end_us <= until_us; ++at) {
    found.push_back(at->second);
  }
  return found;
}

Pane* PaneStore::first_with(int64_t last_end_us) {
  const auto at = by_last_end_.lower_bound({earliest_us, last_end_us});
  return at == by_last_end_.end() || at->first.last_end_us != last_end_us ? nullptr : at->second;
}

Pane* PaneStore::last_with(int64_t last_end_us) {
  auto at = by_last_end_.upper_bound({latest_us, last_end_us});
  if (at == by_last_end_.begin()) return nullptr;
  --at;
  return at->first.last_end_us != last_end_us ? nullptr : at->second;
}

std::vector<Pane*> PaneStore::begun_with(int64_t last_end_us, int64_t begun_until_us) {
  std::vector<Pane*> found;
  const auto end = by_last_end_.upper_bound({begun_until_us, last_end_us});
  for (auto at = by_last_end_.lower_bound({earliest_us, last_end_us}); at != end; ++at) {
    found.push_back(at->second);
  }
  return found;
}

std::vector<Pane*> PaneStore::all() {
  std::vector<Pane*> found;
  for (const auto& [id, pane] : panes_) found.push_back(pane.get());
  return found;
}

bool PaneStore::has_marked(AggregateTable::Mark mark) const {
  return std::any_of(panes_.begin(), panes_.end(),
                     [mark](const auto& entry) { return entry.second->table.has_marked(mark); });
}

void PaneStore::erase(Pane& pane) {
  by_last_end_.erase(pane.id);
  auto node = panes_.extract(pane.id);
  if (node.mapped()->is_saved) {
    erased_.push_back(std::move(node.mapped()));
  } else {
    bytes_ -= pane.counted_bytes;
  }
}

void PaneStore::count_bytes(Pane& pane) {
  bytes_ -= pane.counted_bytes;
  pane.counted_bytes = sizeof(Pane) + pane.table.allocated_bytes();
  bytes_ += pane.counted_bytes;
}

void PaneStore::snapshot(StateWriter& writer) {
  for (const std::unique_ptr<Pane>& pane : erased_) {
    if (writer.kind() == SnapshotKind::delta) pane->table.remove_all(writer);
    bytes_ -= pane->counted_bytes;
  }
  erased_.clear();
  for (const auto& [id, pane] : panes_) {
    pane->table.snapshot(writer);
    pane->is_saved = true;
  }
}

Result<PaneId> PaneStore::pane_of(const StateEntry& entry) {
  StateBytesReader key(entry.key);
  const auto first_end_us = key.take<int64_t>();
  const auto last_end_us = key.take<int64_t>();
  if (!key.is_good() || first_end_us > last_end_us) {
    return fail(ErrorCode::state_corrupt, "a saved window is malformed");
  }
  return PaneId{first_end_us, last_end_us};
}

Status PaneStore::restore(const StateEntry& entry) {
  SLUICE_ASSIGN(const int64_t rows, take(entry));
  restored_rows_ += rows;
  SLUICE_ASSIGN(const PaneId id, pane_of(entry));
  count_bytes(at(id));
  return {};
}

Result<int64_t> PaneStore::take(const StateEntry& entry) {
  SLUICE_ASSIGN(const PaneId id, pane_of(entry));
  Pane& pane = at(id);
  pane.is_saved = true;
  const int64_t rows_before = pane.table.total_rows();
  const std::string_view key = entry.key.substr(prefix_bytes);
  SLUICE_TRY(pane.table.restore(entry.table, key, entry.value));
  return pane.table.total_rows() - rows_before;
}

}  // namespace sluice
