// What bool_and and bool_or fold their rows into (fold_accumulator.hpp). Plain value.
#pragma once

#include "expr/aggregates/fold_accumulator.hpp"

namespace sluice {

struct TruthCounts {
  using Value = uint8_t;
  static constexpr bool has_heap = false;

  void add(uint8_t value) { ++(value != 0 ? trues : falses); }
  void subtract(uint8_t value) { --(value != 0 ? trues : falses); }
  void merge(const TruthCounts& other) { change(other, 1); }
  void unmerge(const TruthCounts& other) { change(other, -1); }
  void save(std::string& out) const {
    append_value(trues, out);
    append_value(falses, out);
  }
  void load(StateBytesReader& bytes) {
    trues = bytes.take<int64_t>();
    falses = bytes.take<int64_t>();
  }

  void change(const TruthCounts& other, int direction) {
    trues += direction * other.trues;
    falses += direction * other.falses;
  }
  // NULL over no values.
  Status append(bool result, ColumnBuilder& out) const {
    if (trues <= 0 && falses <= 0) {
      out.append_null();
    } else {
      out.append<uint8_t>(result ? 1 : 0);
    }
    return {};
  }

  int64_t trues = 0;
  int64_t falses = 0;
};

}  // namespace sluice
