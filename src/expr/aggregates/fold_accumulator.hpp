// FoldAccumulator: an Accumulator over a State of fixed meaning: a count, a sum, an extreme. State
// gives Value (the representation it reads, or void), add, merge, finish, save and load of one key,
// and subtract and unmerge if it can take back. Owned as every Accumulator.
#pragma once

#include <type_traits>
#include <vector>

#include "base/assert.hpp"
#include "expr/aggregates/accumulator.hpp"

namespace sluice {

template <class State>
concept TakesBack = requires(State& state, const State& other) {
  state.unmerge(other);
};

template <class State>
class FoldAccumulator final : public Accumulator {
 public:
  explicit FoldAccumulator(AccumulatorMode mode) : mode_(mode) {}

  void resize(size_t ids) override {
    if (ids > states_.size()) states_.resize(ids);
  }
  void add(const AccumulatorInput& input) override {
    for_each_value(input, [](State& state, const auto&... value) { state.add(value...); });
  }
  void subtract(const AccumulatorInput& input) override {
    if constexpr (TakesBack<State>) {
      for_each_value(input, [](State& state, const auto&... value) { state.subtract(value...); });
    } else {
      fail_to_take_back();
    }
  }
  void merge(const Accumulator& from, std::span<const IdPair> ids) override {
    const auto& other = static_cast<const FoldAccumulator&>(from);
    for (const IdPair& pair : ids) {
      change(states_[pair.to], [&](State& state) { state.merge(other.states_[pair.from]); });
    }
  }
  void unmerge(const Accumulator& from, std::span<const IdPair> ids) override {
    if constexpr (TakesBack<State>) {
      const auto& other = static_cast<const FoldAccumulator&>(from);
      for (const IdPair& pair : ids) {
        change(states_[pair.to], [&](State& state) { state.unmerge(other.states_[pair.from]); });
      }
    } else {
      fail_to_take_back();
    }
  }
  Status finish(uint32_t id, int64_t, ColumnBuilder& out) const override {
    return states_[id].finish(mode_, out);
  }
  void clear(uint32_t id) override {
    change(states_[id], [](State& state) { state = State{}; });
  }
  uint64_t allocated_bytes() const override {
    return states_.capacity() * sizeof(State) + static_cast<uint64_t>(heap_bytes_);
  }
  void save(uint32_t id, std::string& out) const override { states_[id].save(out); }
  void load(uint32_t id, StateBytesReader& bytes) override {
    change(states_[id], [&](State& state) { state.load(bytes); });
  }

  const State& state(uint32_t id) const { return states_[id]; }

 private:
  // How far ahead states are prefetched.
  static constexpr size_t prefetch_rows = 16;

  [[noreturn]] static void fail_to_take_back() {
    SLUICE_ASSERT(false, "rows are taken back from an insert-only state");
  }

  template <class Change>
  void change(State& state, Change apply) {
    if constexpr (State::has_heap) {
      heap_bytes_ -= static_cast<int64_t>(state.heap_bytes());
      apply(state);
      heap_bytes_ += static_cast<int64_t>(state.heap_bytes());
    } else {
      apply(state);
    }
  }

  template <class Apply>
  void for_each_value(const AccumulatorInput& input, Apply apply) {
    const size_t size = input.rows.size();
    const auto prefetch = [&](size_t i) {
      if (i < size) __builtin_prefetch(&states_[input.ids[i]], 1);
    };
    if constexpr (std::is_void_v<typename State::Value>) {
      const Column* nulls = State::counts_nulls ? nullptr : &input.argument();
      if (nulls != nullptr && !nulls->has_nulls()) nulls = nullptr;
      for (size_t i = 0; i < size; ++i) {
        prefetch(i + prefetch_rows);
        if (nulls == nullptr || !nulls->is_null(input.rows[i])) apply(states_[input.ids[i]]);
      }
    } else {
      const Column& argument = input.argument();
      const bool has_nulls = argument.has_nulls();
      const auto* values = argument.template values<typename State::Value>();
      for (size_t i = 0; i < size; ++i) {
        prefetch(i + prefetch_rows);
        const uint32_t row = input.rows[i];
        if (has_nulls && argument.is_null(row)) continue;
        change(states_[input.ids[i]], [&](State& changed) { apply(changed, values[row]); });
      }
    }
  }

  AccumulatorMode mode_;
  std::vector<State> states_;
  int64_t heap_bytes_ = 0;  // of states that own memory
};

}  // namespace sluice
