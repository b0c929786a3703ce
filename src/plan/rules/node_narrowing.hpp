// NodeNarrowing: rewrites nodes to fewer columns, inputs before readers. Keeps track of where each
// node's columns went. Made for one pass over a sorted draft; one thread.
#pragma once

#include <set>
#include <vector>

#include "plan/draft.hpp"

namespace sluice {

// Old column to new column.
using ColumnMapping = std::vector<size_t>;
constexpr size_t no_column = SIZE_MAX;

class NodeNarrowing {
 public:
  explicit NodeNarrowing(PlanDraft& draft) : draft_(draft), mappings_(draft.size()) {}

  // `wanted`: columns of the node that readers want. `needed`: columns that it reads, per input,
  // all as they were before the pass.
  void narrow(PlanNodeId id, const std::set<size_t>& wanted,
              const std::vector<std::set<size_t>>& needed);

 private:
  friend struct NarrowOperation;
  const ColumnMapping& mapping_of(PlanNodeId id) const { return mappings_[id.value]; }
  // Makes an input have exactly the needed columns, by a projection if need be.
  ColumnMapping take_exactly(PlanNodeId id, size_t port, const std::set<size_t>& needed);

  PlanDraft& draft_;
  std::vector<ColumnMapping> mappings_;
};

// A scan of fewer columns: the wanted ones first, then what is read without being handed on (event
// time, filters, required columns, what computed columns are computed from), then what only the
// whole row wants.
ColumnMapping narrow_scan(ScanSpec& scan, const std::set<size_t>& wanted);

}  // namespace sluice
