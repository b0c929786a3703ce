// RowBag: an aggregate function that needs its rows, in order: what of them the call reads is kept,
// with how often it is there, and given to the function, sorted, when the result is read. So rows
// are taken back and merged as they are, however they came. Each row is an element of state. Owned
// as every Accumulator.
#pragma once

#include "data/row_codec.hpp"
#include "expr/aggregates/aggregate_call.hpp"
#include "expr/aggregates/value_bags.hpp"
#include "operators/aggregates/row_order.hpp"

namespace sluice {

class RowBag final : public Accumulator {
 public:
  // `input`: what the call's columns are of.
  RowBag(const AggregateCall& call, const Schema& input, ElementLog* log);

  void resize(size_t ids) override { bags_.resize(ids); }
  void add(const AccumulatorInput& input) override { change(input, 1); }
  void subtract(const AccumulatorInput& input) override { change(input, -1); }
  void merge(const Accumulator& from, std::span<const IdPair> ids) override {
    change(from, ids, 1);
  }
  void unmerge(const Accumulator& from, std::span<const IdPair> ids) override {
    change(from, ids, -1);
  }
  Status finish(uint32_t id, int64_t rows, ColumnBuilder& out) const override;
  void clear(uint32_t id) override { bags_.clear(id); }
  uint64_t allocated_bytes() const override { return bags_.allocated_bytes(); }
  void save_elements(bool all, ElementWriter& writer) override { bags_.save_elements(all, writer); }
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override;

 private:
  void change(const AccumulatorInput& input, int direction);
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction);
  std::vector<ColumnBuilder> builders() const;

  RowsFold fold_;
  bool distinct_;
  std::vector<size_t> columns_;  // of the input: arguments, then what they are ordered by
  size_t arguments_;
  RowCodec codec_;
  RowOrder order_;
  ValueBags<TextOrder> bags_;  // rows as the codec encodes them
  std::string row_;
};

}  // namespace sluice
