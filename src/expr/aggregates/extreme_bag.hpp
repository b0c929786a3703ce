// ExtremeBag: min or max of rows that may be taken back: the values of each key in order, with how
// often each is there. A value that was taken back before it came is no result. Owned as every
// Accumulator.
#pragma once

#include <algorithm>

#include "expr/aggregates/bag_accumulator.hpp"
#include "expr/aggregates/extreme_state.hpp"

namespace sluice {

template <class Order, bool is_max>
class ExtremeBag final : public BagAccumulator<Order> {
 public:
  explicit ExtremeBag(ElementLog* log) : BagAccumulator<Order>(log) {}

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

 private:
  using BagAccumulator<Order>::bags_;
  using Value = typename Order::Value;
  using Plain = FoldAccumulator<ExtremeState<Order, is_max>>;

  static Status append(const typename Order::Stored& value, ColumnBuilder& out) {
    append_to(out, value);
    return {};
  }

  void change(const AccumulatorInput& input, int direction) override {
    const Column& argument = input.argument();
    const Value* values = argument.values<Value>();
    for (size_t i = 0; i < input.rows.size(); ++i) {
      const uint32_t row = input.rows[i];
      if (!argument.is_null(row)) bags_.change(input.ids[i], values[row], direction);
    }
  }
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) override {
    const auto& plain = static_cast<const Plain&>(from);
    for (const IdPair& pair : ids) {
      const ExtremeState<Order, is_max>& state = plain.state(pair.from);
      if (state.has_value) bags_.change(pair.to, state.best, direction);
    }
  }
};

}  // namespace sluice
