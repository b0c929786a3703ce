#include "expr/branch_values.hpp"

namespace sluice {

namespace {

template <size_t width>
struct Opaque {
  std::byte bytes[width];
};

template <size_t width>
void copy_values(const BranchValues& from, const std::vector<uint32_t>& positions, Column& to) {
  const auto* source = from.column()->values<Opaque<width>>();
  auto* target = to.mutable_values<Opaque<width>>();
  for (size_t i = 0; i < positions.size(); ++i) target[positions[i]] = source[from.index(i)];
}

}  // namespace

std::vector<uint32_t> BranchValues::assign_values_to(Column& result) const {
  switch (value_width(result.type().kind)) {
    case 1:
      copy_values<1>(*this, positions_, result);
      break;
    case 4:
      copy_values<4>(*this, positions_, result);
      break;
    case 8:
      copy_values<8>(*this, positions_, result);
      break;
    case 16:
      copy_values<16>(*this, positions_, result);
      break;
    default:
      copy_values<sizeof(Numeric)>(*this, positions_, result);
      break;
  }
  result.keep_arenas_of(*column_);
  std::vector<uint32_t> nulls;
  if (!column_->has_nulls()) return nulls;
  for (size_t i = 0; i < positions_.size(); ++i) {
    if (is_null(i)) nulls.push_back(positions_[i]);
  }
  return nulls;
}

void BranchValues::assign_to(Column& result) const {
  for (const uint32_t position : assign_values_to(result)) result.set_null(position);
}

}  // namespace sluice
