// WindowMerger: puts windows together from panes when they fire, and says when panes are no longer
// needed. Windows of one pane are here; kinds of another shape have their own (kinds/). Owned by
// one operator's instance, one thread. Its own state is made anew from the panes after a restore.
#pragma once

#include <memory>
#include <optional>

#include "operators/windows/pane_store.hpp"
#include "operators/windows/window_output.hpp"

namespace sluice {

class WindowMerger {
 public:
  virtual ~WindowMerger() = default;

  // Windows that end up to here have fired.
  int64_t fired_until_us() const { return fired_until_us_; }
  void set_fired_until(int64_t time_us) { fired_until_us_ = time_us; }
  // Panes were restored, and set_fired_until called.
  virtual void rebuild();
  // The end of the first window with rows that has not fired, as far as rows are known.
  virtual std::optional<int64_t> next_end() = 0;
  // Sends the window of next_end; it has fired then.
  virtual Status fire(int64_t end_us, WindowOutput& output) = 0;
  // Around a change of these keys of a pane.
  virtual void before_change(Pane& pane, std::span<const uint32_t> ids);
  virtual void after_change(Pane& pane, std::span<const uint32_t> ids);
  // Windows up to there can change no more. Gives the panes that are not needed any longer back to
  // the store and returns how many rows left with them.
  virtual int64_t close(int64_t until_us);
  // The last window worth showing before it fires, among those of the pane.
  virtual int64_t last_begun(const Pane& pane);
  virtual uint64_t allocated_bytes() const { return 0; }

 protected:
  explicit WindowMerger(PaneStore& panes) : panes_(panes) {}

  PaneStore& panes_;
  int64_t fired_until_us_ = INT64_MIN;
};

// What a merger is made for; borrowed, but for the assigner.
struct WindowMergerSettings {
  const WindowAssigner& assigner;
  const AggregateLayout& layout;
  PaneStore& panes;
  bool keeps_fired = false;  // fired windows may change for a while
};

std::unique_ptr<WindowMerger> make_single_windows(const WindowMergerSettings& settings);

}  // namespace sluice
