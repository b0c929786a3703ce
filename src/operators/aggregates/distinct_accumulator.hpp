// DistinctAccumulator: an aggregate function over a key's distinct values. It keeps the values of
// every key in one table and passes each to the function's own accumulator when it comes first, and
// back when it leaves last; of a function that counts values it counts them itself. Several
// arguments are one value. Insert-only: a value is there or not. Retractable: how often it is there
// is counted, in rows or in insert-only tables that were merged. Each value is an element of state.
// Owned as every Accumulator.
#pragma once

#include "data/row_codec.hpp"
#include "expr/aggregates/aggregate_call.hpp"
#include "expr/aggregates/symmetric_accumulator.hpp"
#include "state/key_table.hpp"

namespace sluice {

class DistinctAccumulator final : public SymmetricAccumulator {
 public:
  // `input`: what the call's columns are of.
  DistinctAccumulator(const AggregateCall& call, const Schema& input, AccumulatorMode mode,
                      ElementLog* log);

  void resize(size_t ids) override;
  Status finish(uint32_t id, int64_t rows, ColumnBuilder& out) const override;
  void clear(uint32_t id) override;
  uint64_t allocated_bytes() const override;

  void save_elements(bool all, ElementWriter& writer) override;
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override;

 private:
  static constexpr uint32_t none = KeyTable::no_id;
  struct Element {
    int64_t count = 0;  // 0: not linked yet. Negative: taken back before it came.
    uint32_t next = none;
    uint32_t previous = none;
    bool is_saved = false;
    bool is_touched = false;
    std::string value;  // RowCodec::encode of it, where the key's bytes do not hold it
  };
  // Values on their way to the function or back.
  struct Staged {
    explicit Staged(const Schema& schema);
    std::vector<ColumnBuilder> values;
    std::vector<uint32_t> ids;
  };

  void change(const AccumulatorInput& input, int direction) override;
  void change(const Accumulator& from, std::span<const IdPair> ids, int direction) override;
  // Interns keys_ and counts; `value(i)` gives the value bytes of the i-th where they are kept.
  template <class ValueOf>
  void change_keys(int direction, ValueOf value);
  void append_key(uint32_t id, size_t start);
  bool count(uint32_t element, int direction);
  void link(uint32_t id, uint32_t element);
  void erase(uint32_t id, uint32_t element);
  uint32_t id_of(uint32_t element) const;
  std::string_view value_key_of(uint32_t element) const { return table_.key(element).substr(4); }
  Status pass(Staged& staged, uint32_t id, uint32_t element);
  void pass_staged();
  void write(uint32_t element, ElementWriter& writer);

  SchemaPtr schema_;             // of the arguments alone
  std::vector<size_t> columns_;  // all of them
  RowCodec codec_;
  bool keys_hold_values_;
  AccumulatorMode mode_;
  std::unique_ptr<Accumulator> fold_;  // null: the values are counted
  ElementLog* log_;
  KeyTable table_;  // id of the key, then the value's key bytes -> element
  std::vector<Element> elements_;
  std::vector<uint32_t> heads_;  // the first element of each key
  std::vector<int64_t> counts_;  // distinct values of each key
  std::vector<uint32_t> touched_;
  uint64_t value_bytes_ = 0;
  Staged arriving_;
  Staged leaving_;
  BatchKeys keys_;
  std::vector<uint32_t> found_;
  std::vector<uint32_t> vanished_;
  std::string value_;
};

}  // namespace sluice
