#include "operators/windows/window_columns.hpp"

#include "windows/window_assigner.hpp"

namespace sluice {

namespace {

using Role = WindowKeyColumn::Role;

int64_t value_of(const WindowAssigner& assigner, Role role, int64_t end_us) {
  if (role == Role::window_start) return assigner.start_of(end_us);
  return role == Role::window_time ? end_us - 1 : end_us;
}

}  // namespace

ColumnPtr window_column(const WindowAssigner& assigner, const Type& type,
                        WindowKeyColumn::Role role, std::span<const int64_t> ends_us) {
  auto column = std::make_shared<Column>(type, ends_us.size());
  int64_t* values = column->mutable_values<int64_t>();
  for (size_t row = 0; row < ends_us.size(); ++row) {
    const bool is_same = row > 0 && ends_us[row] == ends_us[row - 1];
    values[row] = is_same ? values[row - 1] : value_of(assigner, role, ends_us[row]);
  }
  return column;
}

}  // namespace sluice
