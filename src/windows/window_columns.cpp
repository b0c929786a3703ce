#include "windows/window_columns.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

using Role = WindowKey::Role;

int64_t value_of(Role role, const WindowSpan& span) {
  if (role == Role::window_start) return span.start_us;
  return role == Role::window_time ? span.end_us - 1 : span.end_us;
}

}  // namespace

std::string_view window_column_name(Role role) {
  switch (role) {
    case Role::column:
      return "";
    case Role::window_start:
      return "window_start";
    case Role::window_end:
      return "window_end";
    case Role::window_time:
      return "window_time";
  }
  SLUICE_ASSERT(false, "unknown role of a window key");
}

ColumnPtr window_column(const Type& type, Role role, std::span<const WindowSpan> spans) {
  SLUICE_ASSERT(role != Role::column, "a column of the input is no column of the window");
  auto column = std::make_shared<Column>(type, spans.size());
  int64_t* values = column->mutable_values<int64_t>();
  for (size_t row = 0; row < spans.size(); ++row) values[row] = value_of(role, spans[row]);
  return column;
}

}  // namespace sluice
