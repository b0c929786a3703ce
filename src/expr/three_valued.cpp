#include "expr/three_valued.hpp"

#include <algorithm>

namespace sluice {

namespace {

constexpr uint8_t state_null = 1;
constexpr uint8_t state_true = 2;

uint8_t state_at(const Column& column, size_t row) {
  return column.is_null(row) ? state_null : static_cast<uint8_t>(column.values<uint8_t>()[row] * 2);
}

}  // namespace

size_t ThreeValued::count_undecided() const {
  return states_.size() -
         static_cast<size_t>(std::count(states_.begin(), states_.end(), decided()));
}

std::vector<uint32_t> ThreeValued::undecided() const {
  std::vector<uint32_t> rows;
  rows.reserve(states_.size());
  for (size_t row = 0; row < states_.size(); ++row) {
    if (states_[row] != decided()) rows.push_back(static_cast<uint32_t>(row));
  }
  return rows;
}

void ThreeValued::combine(const Column& operand) {
  if (operand.size() == 1) {
    const uint8_t state = state_at(operand, 0);
    for (uint8_t& row : states_) row = merged(row, state);
    return;
  }
  if (operand.has_nulls()) {
    for (size_t row = 0; row < states_.size(); ++row)
      states_[row] = merged(states_[row], state_at(operand, row));
    return;
  }
  const uint8_t* values = operand.values<uint8_t>();
  for (size_t row = 0; row < states_.size(); ++row) {
    states_[row] = merged(states_[row], static_cast<uint8_t>(values[row] * 2));
  }
}

void ThreeValued::combine(const BranchValues& operand, const std::vector<uint32_t>& positions) {
  for (size_t i = 0; i < positions.size(); ++i) {
    uint8_t& state = states_[positions[i]];
    state = merged(state, state_at(*operand.column(), operand.index(i)));
  }
}

ColumnPtr ThreeValued::finish() const {
  auto result = std::make_shared<Column>(Type{TypeKind::boolean}, states_.size());
  uint8_t* values = result->mutable_values<uint8_t>();
  for (size_t row = 0; row < states_.size(); ++row) values[row] = states_[row] == state_true;
  if (std::find(states_.begin(), states_.end(), state_null) == states_.end()) return result;
  for (size_t row = 0; row < states_.size(); ++row) {
    if (states_[row] == state_null) result->set_null(row);
  }
  return result;
}

}  // namespace sluice
