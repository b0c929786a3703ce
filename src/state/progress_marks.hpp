// ProgressMarks: how far an operator has come, as times that only grow: up to where it has fired,
// or freed. Saved once for every key group of the task, so that each task finds them whatever
// groups it owns, and takes the furthest.
#pragma once

#include <vector>

#include "state/state_store.hpp"

namespace sluice {

class ProgressMarks final : public StateStore {
 public:
  static constexpr int64_t none = INT64_MIN;

  ProgressMarks(uint8_t table, size_t marks) : table_(table), marks_us_(marks, none) {}
  void open(KeyGroupRange groups) { groups_ = groups; }

  int64_t mark_us(size_t index) const { return marks_us_[index]; }
  // To at least this time.
  void raise(size_t index, int64_t time_us);

  bool has_table(uint8_t table) const override { return table == table_; }
  uint64_t bytes() const override { return 0; }
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  const uint8_t table_;
  KeyGroupRange groups_;
  std::vector<int64_t> marks_us_;
  bool is_changed_ = false;  // since the last snapshot
};

}  // namespace sluice
