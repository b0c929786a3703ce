// ExtremeBag: min or max of rows that may be taken back: the values of each key in order, with how
// often each is there. A value that was taken back before it came is no result. Owned as every
// Accumulator.
#pragma once

#include <algorithm>

#include "expr/aggregates/extreme_state.hpp"
#include "expr/aggregates/value_bags.hpp"

namespace sluice {

template <class Order, bool is_max>
class ExtremeBag final : public Accumulator {
 public:
  explicit ExtremeBag(ElementLog* log) : bags_(log) {}

  void resize(size_t ids) override { bags_.resize(ids); }
  void add(const AccumulatorInput& input) override { change(input, 1); }
  void subtract(const AccumulatorInput& input) override { change(input, -1); }
  void merge(const Accumulator& from, std::span<const IdPair> ids) override {
    change(from, ids, 1);
  }
  void unmerge(const Accumulator& from, std::span<const IdPair> ids) override {
    change(from, ids, -1);
  }
  Status finish(uint32_t id, int64_t, ColumnBuilder& out) const override {
    const auto& bag = bags_.bag(id);
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
  void clear(uint32_t id) override { bags_.clear(id); }
  uint64_t allocated_bytes() const override { return bags_.allocated_bytes(); }
  void save_elements(bool all, ElementWriter& writer) override { bags_.save_elements(all, writer); }
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override {
    return bags_.load_element(id, element, value);
  }

 private:
  using Value = typename Order::Value;
  using Plain = FoldAccumulator<ExtremeState<Order, is_max>>;

  static Status append(const typename Order::Stored& value, ColumnBuilder& out) {
    append_to(out, value);
    return {};
  }

  void change(const AccumulatorInput& input, int direction) {
    const Column& argument = input.argument();
    const Value* values = argument.values<Value>();
    for (size_t i = 0; i < input.rows.size(); ++i) {
      const uint32_t row = input.rows[i];
      if (!argument.is_null(row)) bags_.change(input.ids[i], values[row], direction);
    }
  }
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) {
    const auto& plain = static_cast<const Plain&>(from);
    for (const IdPair& pair : ids) {
      const ExtremeState<Order, is_max>& state = plain.state(pair.from);
      if (state.has_value) bags_.change(pair.to, state.best, direction);
    }
  }

  ValueBags<Order> bags_;
};

}  // namespace sluice
