// State of min and max over rows that are never taken back (fold_accumulator.hpp). Plain value.
#pragma once

#include "expr/aggregates/fold_accumulator.hpp"
#include "expr/aggregates/value_orders.hpp"

namespace sluice {

template <class Order, bool is_max>
struct ExtremeState {
  using Value = typename Order::Value;
  using Stored = typename Order::Stored;
  static constexpr bool has_heap = std::is_same_v<Stored, std::string>;

  void add(const Value& value) {
    if (has_value && !(is_max ? Order::less(best, value) : Order::less(value, best))) return;
    best = value;
    has_value = true;
  }
  void merge(const ExtremeState& other) {
    if (other.has_value) add(other.best);
  }
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    if (!has_value) {
      out.append_null();
    } else {
      append_to(out, best);
    }
    return {};
  }
  void save(std::string& out) const {
    append_value<uint8_t>(has_value ? 1 : 0, out);
    if (has_value) append_stored(best, out);
  }
  void load(StateBytesReader& bytes) {
    has_value = bytes.take<uint8_t>() != 0;
    if (has_value) take_stored(bytes, best);
  }
  uint64_t heap_bytes() const { return owned_bytes(best); }

  Stored best{};
  bool has_value = false;
};

}  // namespace sluice
