// The columns by which rows tell their window: where it starts, where it ends, and the last time in
// it. They stand behind the columns of a windowed relation's input, and are keys of what is grouped
// by windows. Declared here for sql, plan and operators alike. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "data/column.hpp"

namespace sluice {

struct WindowSpan {
  int64_t start_us = 0;
  int64_t end_us = 0;
  bool operator==(const WindowSpan&) const = default;
};

// A key of a grouping by windows: one of the window's columns, or a column of the input.
struct WindowKey {
  // window_time: the last microsecond before the end.
  enum class Role : uint8_t { column, window_start, window_end, window_time };
  Role role = Role::column;
  size_t column = 0;  // of the input, for Role::column
};

// The window's columns in the order in which a windowed relation has them.
inline constexpr std::array window_roles = {
    WindowKey::Role::window_start, WindowKey::Role::window_end, WindowKey::Role::window_time};

// "window_start"; empty for Role::column.
std::string_view window_column_name(WindowKey::Role role);

// One of the window's columns, with a row for each of these windows.
ColumnPtr window_column(const Type& type, WindowKey::Role role, std::span<const WindowSpan> spans);

}  // namespace sluice
