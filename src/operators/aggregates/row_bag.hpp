// RowBag: an aggregate function that needs its rows, in order: what of them the call reads is kept,
// with how often it is there, and given to the function, sorted, when the result is read. So rows
// are taken back and merged as they are, however they came. Each row is an element of state. Owned
// as every Accumulator.
#pragma once

#include "data/row_codec.hpp"
#include "expr/aggregates/aggregate_call.hpp"
#include "expr/aggregates/bag_accumulator.hpp"
#include "operators/aggregates/row_order.hpp"

namespace sluice {

// The bags are of rows as the codec encodes them.
class RowBag final : public BagAccumulator<TextOrder> {
 public:
  // `input`: what the call's columns are of.
  RowBag(const AggregateCall& call, const Schema& input, ElementLog* log);

  Status finish(uint32_t id, int64_t rows, ColumnBuilder& out) const override;
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override;

 private:
  void change(const AccumulatorInput& input, int direction) override;
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) override;
  std::vector<ColumnBuilder> builders() const;

  RowsFold fold_;
  bool distinct_;
  std::vector<size_t> columns_;  // of the input: arguments, then what they are ordered by
  size_t arguments_;
  RowCodec codec_;
  RowOrder order_;
  std::string row_;
};

}  // namespace sluice
