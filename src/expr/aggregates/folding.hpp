// StateBag: an aggregate of rows that may be taken back, over a State that cannot take them back:
// the state of each row, or of each set of rows that was merged, is kept apart, with how often it
// is there, and they are merged when the result is read. In the order of their bytes: so the result
// depends on what is there, not on how it came. Owned as every Accumulator.
#pragma once

#include "expr/aggregates/fold_accumulator.hpp"
#include "expr/aggregates/value_bags.hpp"

namespace sluice {

template <class State>
class StateBag final : public Accumulator {
 public:
  explicit StateBag(ElementLog* log) : bags_(log) { State{}.save(nothing_); }

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
    State total{};
    for (const auto& [bytes, cell] : bags_.bag(id)) {
      State part{};
      StateBytesReader reader(bytes);
      part.load(reader);
      for (int64_t i = 0; i < cell.count; ++i) total.merge(part);
    }
    return total.finish(AccumulatorMode::retractable, out);
  }
  void clear(uint32_t id) override { bags_.clear(id); }
  uint64_t allocated_bytes() const override { return bags_.allocated_bytes(); }
  void save_elements(bool all, ElementWriter& writer) override { bags_.save_elements(all, writer); }
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override {
    return bags_.load_element(id, element, value);
  }

 private:
  void change(const AccumulatorInput& input, int direction) {
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
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) {
    const auto& plain = static_cast<const FoldAccumulator<State>&>(from);
    for (const IdPair& pair : ids) change(pair.to, plain.state(pair.from), direction);
  }
  void change(uint32_t id, const State& state, int direction) {
    bytes_.clear();
    state.save(bytes_);
    if (bytes_ != nothing_) bags_.change(id, bytes_, direction);
  }

  ValueBags<TextOrder> bags_;
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
