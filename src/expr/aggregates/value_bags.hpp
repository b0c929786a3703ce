// ValueBags: for each key a multiset of values in their order. A count may be negative for a while,
// when a value is taken back before the row that brings it. Each value is an element of state: its
// bytes, with its count. Part of an Accumulator, owned as that is.
#pragma once

#include <absl/container/btree_map.h>

#include <utility>
#include <vector>

#include "expr/aggregates/accumulator.hpp"
#include "expr/aggregates/value_orders.hpp"

namespace sluice {

template <class Order>
class ValueBags {
 public:
  using Value = typename Order::Value;
  using Stored = typename Order::Stored;
  struct Cell {
    int64_t count = 0;
    bool is_saved = false;
    bool is_touched = false;
  };
  struct Less {
    using is_transparent = void;
    bool operator()(const Value& left, const Value& right) const {
      return Order::less(left, right);
    }
  };
  using Bag = absl::btree_map<Stored, Cell, Less>;

  // As an Accumulator's.
  explicit ValueBags(ElementLog* log) : log_(log) {}

  void resize(size_t ids) {
    if (ids > bags_.size()) bags_.resize(ids);
  }
  const Bag& bag(uint32_t id) const { return bags_[id]; }

  void change(uint32_t id, const Value& value, int64_t difference) {
    if (difference == 0) return;
    Bag& bag = bags_[id];
    auto found = bag.find(value);
    if (found == bag.end()) {
      found = bag.emplace(Stored(value), Cell{}).first;
      element_bytes_ += bytes_of(found->first);
    }
    Cell& cell = found->second;
    cell.count += difference;
    if (cell.count == 0) {
      forget(id, found->first, cell);
      bag.erase(found);
    } else if (log_ != nullptr && !cell.is_touched) {
      cell.is_touched = true;
      touched_.emplace_back(id, found->first);
    }
  }
  void clear(uint32_t id) {
    for (const auto& [value, cell] : bags_[id]) forget(id, value, cell);
    bags_[id] = {};
  }

  void save_elements(bool all, ElementWriter& writer) {
    if (all) {
      for (uint32_t id = 0; id < bags_.size(); ++id) {
        for (auto& [value, cell] : bags_[id]) write(id, value, cell, writer);
      }
    } else {
      for (const auto& [id, value] : touched_) {
        const auto found = bags_[id].find(value);
        if (found != bags_[id].end() && found->second.is_touched) {
          write(id, value, found->second, writer);
        }
      }
    }
    touched_.clear();
  }
  bool load_element(uint32_t id, std::string_view element, std::string_view value) {
    StateBytesReader key(element);
    Stored stored{};
    take_stored(key, stored);
    StateBytesReader count(value);
    const Cell cell{count.take<int64_t>(), true, false};
    if (!key.is_finished() || !count.is_finished()) return false;
    if (bags_[id].emplace(stored, cell).second) element_bytes_ += bytes_of(stored);
    return true;
  }

  uint64_t allocated_bytes() const {
    return bags_.capacity() * sizeof(Bag) + touched_.capacity() * sizeof(touched_.front()) +
           static_cast<uint64_t>(element_bytes_);
  }

 private:
  static int64_t bytes_of(const Stored& value) {
    return static_cast<int64_t>(sizeof(Stored) + sizeof(Cell) + owned_bytes(value));
  }
  void forget(uint32_t id, const Stored& value, const Cell& cell) {
    element_bytes_ -= bytes_of(value);
    if (log_ == nullptr || !cell.is_saved) return;
    element_.clear();
    append_stored(value, element_);
    log_->removed(id, element_);
  }
  void write(uint32_t id, const Stored& value, Cell& cell, ElementWriter& writer) {
    element_.clear();
    append_stored(value, element_);
    std::string count;
    append_value(cell.count, count);
    writer.put(id, element_, count);
    cell.is_saved = true;
    cell.is_touched = false;
  }

  ElementLog* log_;
  std::vector<Bag> bags_;
  int64_t element_bytes_ = 0;
  std::vector<std::pair<uint32_t, Stored>> touched_;  // since the last snapshot
  std::string element_;
};

}  // namespace sluice
