#include "operators/windows/window_output.hpp"

namespace sluice {

WindowOutput::WindowOutput(const ResultRows::Target& target, const WindowAssigner& assigner,
                           RowKind kind)
    : rows_(target),
      assigner_(assigner),
      kind_(kind),
      has_start_(tells_start(target.settings)),
      span_{INT64_MIN, INT64_MIN} {}

Status WindowOutput::add(const AggregateTable& table, uint32_t id, int64_t end_us) {
  if (span_.end_us != end_us) {
    span_.end_us = end_us;
    if (has_start_) span_.start_us = assigner_.start_of(end_us);
  }
  return rows_.add(table, id, span_, kind_);
}

Status WindowOutput::add_all(const AggregateTable& table, int64_t end_us) {
  for (uint32_t id = 0; id < table.keys().id_bound(); ++id) {
    if (table.keys().is_live(id) && table.rows(id) > 0) SLUICE_TRY(add(table, id, end_us));
  }
  return {};
}

}  // namespace sluice
