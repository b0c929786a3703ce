#include "operators/windows/window_changes.hpp"

#include <algorithm>

namespace sluice {

using Mark = AggregateTable::Mark;

void WindowChanges::add(Pane& pane, const std::vector<uint32_t>& ids, int64_t from_us,
                        int64_t until_us) {
  for (int64_t end_us = from_us; end_us <= until_us; end_us = assigner_.next_end(end_us)) {
    std::vector<PaneKey>& keys = keys_[end_us];
    for (const uint32_t id : ids) keys.push_back({&pane, id});
    if (end_us == until_us) return;
  }
}

void WindowChanges::add_corrections(const WindowMerger& merger) {
  for (Pane* pane : panes_.all()) {
    if (!pane->table.has_marked(Mark::corrected)) continue;
    const int64_t until_us = std::min(pane->id.last_end_us, merger.fired_until_us());
    add(*pane, pane->table.take_marked(Mark::corrected), pane->id.first_end_us, until_us);
  }
}

void WindowChanges::add_running(WindowMerger& merger) {
  for (Pane* pane : panes_.all()) {
    if (!pane->table.has_marked(Mark::changed)) continue;
    const std::vector<uint32_t> ids = pane->table.take_marked(Mark::changed);
    if (merger.fired_until_us() >= pane->id.last_end_us) continue;
    const int64_t from_us = merger.fired_until_us() < pane->id.first_end_us
                                ? pane->id.first_end_us
                                : assigner_.next_end(merger.fired_until_us());
    add(*pane, ids, from_us, merger.last_begun(*pane));
  }
}

Status WindowChanges::emit(WindowOutput& output) {
  WindowComposer composer(panes_, assigner_, layout_);
  for (const auto& [end_us, keys] : keys_) {
    SLUICE_TRY(output.add_all(composer.compose(end_us, keys), end_us));
  }
  return output.flush();
}

}  // namespace sluice
