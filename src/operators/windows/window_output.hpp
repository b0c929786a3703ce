// WindowOutput: the rows of windows that are known by their ends, all of one kind. Made for one
// emission, one thread; what was added is sent by flush at the latest.
#pragma once

#include "operators/windows/result_rows.hpp"
#include "windows/window_assigner.hpp"

namespace sluice {

class WindowOutput {
 public:
  // Borrowed, all of them.
  WindowOutput(const ResultRows::Target& target, const WindowAssigner& assigner, RowKind kind);

  // The row of a key in the window that ends there.
  Status add(const AggregateTable& table, uint32_t id, int64_t end_us);
  // The rows of all its keys that have rows.
  Status add_all(const AggregateTable& table, int64_t end_us);
  Status flush() { return rows_.flush(); }

 private:
  ResultRows rows_;
  const WindowAssigner& assigner_;
  const RowKind kind_;
  const bool has_start_;  // rows tell it; not all windows have one
  WindowSpan span_;       // of the last row
};

}  // namespace sluice
