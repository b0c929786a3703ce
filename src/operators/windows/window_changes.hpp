// WindowChanges: sends windows again whose rows have changed since they were sent: corrections of
// windows that have fired, and running values of those that have not. Made for one emission.
#pragma once

#include <map>
#include <vector>

#include "operators/windows/window_composer.hpp"
#include "operators/windows/window_merger.hpp"

namespace sluice {

class WindowChanges {
 public:
  WindowChanges(PaneStore& panes, const WindowAssigner& assigner, const AggregateLayout& layout)
      : panes_(panes), assigner_(assigner), layout_(layout) {}

  // What rows have changed in windows that have fired.
  void add_corrections(const WindowMerger& merger);
  // What has changed in windows that have begun and not fired, since it was last shown.
  void add_running(WindowMerger& merger);
  Status emit(WindowOutput& output);

 private:
  void add(Pane& pane, const std::vector<uint32_t>& ids, int64_t from_us, int64_t until_us);

  PaneStore& panes_;
  const WindowAssigner& assigner_;
  const AggregateLayout& layout_;
  std::map<int64_t, std::vector<PaneKey>> keys_;  // by the window's end
};

}  // namespace sluice
