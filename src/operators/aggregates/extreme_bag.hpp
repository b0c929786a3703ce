// ExtremeBag: min or max of rows that may be taken back: the values of each key in order, with how
// often each is there. A count may be negative for a while, when a value is taken back before the
// row that brings it; such a value is no result. Each value is an element of state. Owned as every
// Accumulator.
#pragma once

#include <absl/container/btree_map.h>

#include <algorithm>
#include <utility>

#include "operators/aggregates/extreme_state.hpp"

namespace sluice {

template <class Order, bool is_max>
class ExtremeBag final : public Accumulator {
 public:
  explicit ExtremeBag(ElementLog* log) : log_(log) {}

  void resize(size_t ids) override {
    if (ids > bags_.size()) bags_.resize(ids);
  }
  void add(const AccumulatorInput& input) override { change(input, 1); }
  void subtract(const AccumulatorInput& input) override { change(input, -1); }
  void merge(const Accumulator& from, std::span<const IdPair> ids) override {
    change(from, ids, 1);
  }
  void unmerge(const Accumulator& from, std::span<const IdPair> ids) override {
    change(from, ids, -1);
  }
  Status finish(uint32_t id, int64_t, ColumnBuilder& out) const override {
    const Bag& bag = bags_[id];
    const auto is_there = [](const auto& element) { return element.second.count > 0; };
    if constexpr (is_max) {
      const auto best = std::find_if(bag.rbegin(), bag.rend(), is_there);
      if (best != bag.rend()) return append(best->first, out);
    } else {
      const auto best = std::find_if(bag.begin(), bag.end(), is_there);
      if (best != bag.end()) return append(best->first, out);
    }
    out.append_null();
    return {};
  }
  void clear(uint32_t id) override {
    for (const auto& [value, cell] : bags_[id]) forget(id, value, cell);
    bags_[id] = {};
  }
  uint64_t allocated_bytes() const override {
    return bags_.capacity() * sizeof(Bag) + touched_.capacity() * sizeof(touched_.front()) +
           static_cast<uint64_t>(element_bytes_);
  }

  void save(uint32_t, std::string&) const override {}
  void load(uint32_t, StateBytesReader&) override {}
  void save_elements(bool all, ElementWriter& writer) override {
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
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override {
    StateBytesReader key(element);
    Stored stored{};
    take_stored(key, stored);
    StateBytesReader count(value);
    const Cell cell{count.take<int64_t>(), true, false};
    if (!key.is_finished() || !count.is_finished()) return false;
    if (bags_[id].emplace(stored, cell).second) element_bytes_ += bytes_of(stored);
    return true;
  }

 private:
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
  using Plain = FoldAccumulator<ExtremeState<Order, is_max>>;

  static Status append(const Stored& value, ColumnBuilder& out) {
    append_to(out, value);
    return {};
  }
  static int64_t bytes_of(const Stored& value) {
    return static_cast<int64_t>(sizeof(Stored) + sizeof(Cell) + owned_bytes(value));
  }

  void change(const AccumulatorInput& input, int direction) {
    const Column& argument = input.argument();
    const Value* values = argument.values<Value>();
    for (size_t i = 0; i < input.rows.size(); ++i) {
      const uint32_t row = input.rows[i];
      if (!argument.is_null(row)) change(input.ids[i], values[row], direction);
    }
  }
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) {
    const auto& plain = static_cast<const Plain&>(from);
    for (const IdPair& pair : ids) {
      const ExtremeState<Order, is_max>& state = plain.state(pair.from);
      if (state.has_value) change(pair.to, state.best, direction);
    }
  }
  void change(uint32_t id, const Value& value, int direction) {
    Bag& bag = bags_[id];
    auto found = bag.find(value);
    if (found == bag.end()) {
      found = bag.emplace(Stored(value), Cell{}).first;
      element_bytes_ += bytes_of(found->first);
    }
    Cell& cell = found->second;
    cell.count += direction;
    if (cell.count == 0) {
      forget(id, found->first, cell);
      bag.erase(found);
    } else if (log_ != nullptr && !cell.is_touched) {
      cell.is_touched = true;
      touched_.emplace_back(id, found->first);
    }
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
