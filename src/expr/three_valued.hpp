// ThreeValued: the running result of AND or OR per row, as 0 false, 1 NULL, 2 true, so that AND is
// the minimum and OR the maximum. Lives on the evaluator's stack; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "expr/branch_values.hpp"
#include "expr/expression.hpp"

namespace sluice {

class ThreeValued {
 public:
  ThreeValued(Conjunction::Kind kind, size_t rows)
      : is_all_(kind == Conjunction::Kind::all), states_(rows, is_all_ ? 2 : 0) {}

  // Rows that further operands can still change.
  size_t count_undecided() const;
  std::vector<uint32_t> undecided() const;
  // Combines an operand evaluated for every row, or one value for all.
  void combine(const Column& operand);
  // Combines an operand evaluated for these positions.
  void combine(const BranchValues& operand, const std::vector<uint32_t>& positions);
  ColumnPtr finish() const;

 private:
  uint8_t merged(uint8_t state, uint8_t operand) const {
    return is_all_ ? (state < operand ? state : operand) : (state > operand ? state : operand);
  }

  uint8_t decided() const { return is_all_ ? 0 : 2; }

  bool is_all_;
  std::vector<uint8_t> states_;
};

}  // namespace sluice
