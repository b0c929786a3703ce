// StateBag: an aggregate of rows that may be taken back, over a State that cannot take them back:
// the state of each row, or of each set of rows that was merged, is kept apart, with how often it
// is there, and they are merged when the result is read. In the order of their bytes: so the result
// depends on what is there, not on how it came. Owned as every Accumulator.
#pragma once

#include "expr/aggregates/bag_accumulator.hpp"
#include "expr/aggregates/fold_accumulator.hpp"

namespace sluice {

template <class State>
class StateBag final : public BagAccumulator<TextOrder> {
 public:
  explicit StateBag(ElementLog* log) : BagAccumulator(log) { State{}.save(nothing_); }

  Status finish(uint32_t id, int64_t, ColumnBuilder& out) const override {
    State total{};
    for (const auto& [bytes, cell] : bags_.bag(id)) {
      State part{};
      StateBytesReader reader(bytes);
      part.load(reader);
      for (int64_t i = 0; i < cell.count; ++i) total.merge(part);
    }
    return total.finish(AccumulatorMode::retractable, out);
  }

 private:
  void change(const AccumulatorInput& input, int direction) override {
    const Column& argument = input.argument();
    const auto* values = argument.template values<typename State::Value>();
    for (size_t i = 0; i < input.rows.size(); ++i) {
      const uint32_t row = input.rows[i];
      if (argument.is_null(row)) continue;
      State state{};
      state.add(values[row]);
      change(input.ids[i], state, direction);
    }
  }
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) override {
    const auto& plain = static_cast<const FoldAccumulator<State>&>(from);
    for (const IdPair& pair : ids) change(pair.to, plain.state(pair.from), direction);
  }
  void change(uint32_t id, const State& state, int direction) {
    bytes_.clear();
    state.save(bytes_);
    if (bytes_ != nothing_) bags_.change(id, bytes_, direction);
  }

  std::string nothing_;
  std::string bytes_;
};

// The factory of a function that folds rows into a State (fold_accumulator.hpp).
template <class State>
std::unique_ptr<Accumulator> fold(const AccumulatorRequest& request) {
  if constexpr (!TakesBack<State>) {
    if (request.mode == AccumulatorMode::retractable) {
      return std::make_unique<StateBag<State>>(request.log);
    }
  }
  return std::make_unique<FoldAccumulator<State>>(request.mode);
}

}  // namespace sluice
