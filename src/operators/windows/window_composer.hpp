// WindowComposer: puts keys of windows together from panes, window after window in the order of
// their ends. What two windows share is kept: from one to the next cost the panes that begin or end
// between them, and the keys that the one before did not have. Made for one emission, during
// which no pane changes; one thread.
#pragma once

#include <span>
#include <vector>

#include "operators/windows/pane_store.hpp"

namespace sluice {

// A key, named by a pane and its id there.
struct PaneKey {
  Pane* pane;
  uint32_t id;
};

class WindowComposer {
 public:
  // Borrowed.
  WindowComposer(PaneStore& panes, const WindowAssigner& assigner, const AggregateLayout& layout);

  // These keys of the window that ends there; a key may be named several times. Ends ascend. Valid
  // until the next call.
  const AggregateTable& compose(int64_t end_us, std::span<const PaneKey> keys);

 private:
  // Which ids of the table the window keeps and which are new to it; erases the others.
  void choose(std::span<const PaneKey> keys);
  void move_kept(int64_t end_us);
  void add_new(int64_t end_us);
  std::vector<uint32_t> ids_in(const Pane& pane, const std::vector<uint32_t>& own) const;

  PaneStore& panes_;
  const WindowAssigner& assigner_;
  AggregateTable window_;
  int64_t end_us_ = INT64_MIN;    // of the window at hand
  int64_t until_us_ = INT64_MIN;  // where the last window ends that shares rows with it
  std::vector<uint32_t> kept_;
  std::vector<uint32_t> new_;
};

}  // namespace sluice
