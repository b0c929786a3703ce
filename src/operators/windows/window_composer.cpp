#include "operators/windows/window_composer.hpp"

#include <algorithm>

namespace sluice {

WindowComposer::WindowComposer(PaneStore& panes, const WindowAssigner& assigner,
                               const AggregateLayout& layout)
    : panes_(panes),
      assigner_(assigner),
      window_(layout, {AccumulatorMode::retractable, std::nullopt, nullptr}) {}

std::vector<uint32_t> WindowComposer::ids_in(const Pane& pane,
                                             const std::vector<uint32_t>& own) const {
  std::vector<uint32_t> ids;
  for (const uint32_t id : own) {
    const uint32_t there = pane.table.find(window_, id);
    if (there != KeyTable::no_id) ids.push_back(there);
  }
  return ids;
}

void WindowComposer::choose(std::span<const PaneKey> keys) {
  enum : uint8_t { unwanted, kept, added };
  std::vector<uint8_t> fates(window_.keys().id_bound(), unwanted);
  kept_.clear();
  new_.clear();
  for (const PaneKey& key : keys) {
    uint32_t own = window_.find(key.pane->table, key.id);
    const bool is_known = own != KeyTable::no_id;
    if (!is_known) own = window_.intern(key.pane->table, key.id);
    if (own >= fates.size()) fates.resize(own + 1, unwanted);
    if (fates[own] != unwanted) continue;
    fates[own] = is_known ? kept : added;
    (is_known ? kept_ : new_).push_back(own);
  }
  for (uint32_t id = 0; id < fates.size(); ++id) {
    if (fates[id] == unwanted && window_.keys().is_live(id)) window_.erase(id);
  }
}

void WindowComposer::move_kept(int64_t end_us) {
  for (const Pane* pane : panes_.ending(end_us_, end_us - 1)) {
    if (pane->id.first_end_us <= end_us_) window_.unmerge(pane->table, ids_in(*pane, kept_));
  }
  // Nothing is left of what was taken back, of sums of doubles neither.
  for (const uint32_t id : kept_) {
    if (window_.rows(id) == 0) window_.clear(id);
  }
  for (const Pane* pane : panes_.beginning(end_us_, end_us)) {
    if (pane->id.last_end_us >= end_us) window_.merge(pane->table, ids_in(*pane, kept_));
  }
}

void WindowComposer::add_new(int64_t end_us) {
  for (const Pane* pane : panes_.ending(end_us, until_us_)) {
    if (pane->id.counts_in(end_us)) window_.merge(pane->table, ids_in(*pane, new_));
  }
}

const AggregateTable& WindowComposer::compose(int64_t end_us, std::span<const PaneKey> keys) {
  choose(keys);
  const bool shares_nothing = until_us_ < end_us;
  until_us_ = std::max(end_us, assigner_.run_of(end_us - 1).last_end_us);
  if (shares_nothing) {
    for (const uint32_t id : kept_) window_.clear(id);
    new_.insert(new_.end(), kept_.begin(), kept_.end());
    kept_.clear();
  }
  if (!kept_.empty()) move_kept(end_us);
  if (!new_.empty()) add_new(end_us);
  end_us_ = end_us;
  return window_;
}

}  // namespace sluice
