// Narrowing: one node goes over to inputs that have lost columns which nobody reads. Made for one
// node in a pass over a sorted draft, inputs before readers; one thread.
#pragma once

#include <optional>
#include <vector>

#include "plan/draft.hpp"

namespace sluice {

// Old column to new column.
using ColumnMapping = std::vector<size_t>;
constexpr size_t no_column = SIZE_MAX;

class Narrowing {
 public:
  // What is known of a node before the pass.
  struct Use {
    ColumnSet wanted;               // of its columns, by its readers
    std::vector<ColumnSet> needed;  // of each input's columns, by it
  };

  // `mappings`: of the nodes before it.
  Narrowing(PlanDraft& draft, PlanNodeId id, const Use& use,
            const std::vector<ColumnMapping>& mappings)
      : draft_(draft), id_(id), use_(use), mappings_(mappings) {}

  const ColumnSet& wanted() const { return use_.wanted; }
  // How many columns the node had, and an input has now.
  size_t columns() const { return node().schema->size(); }
  size_t inputs() const { return node().inputs.size(); }
  size_t input_columns(size_t port = 0) const;

  // Where the columns of an input are now. It may have more than the node needs.
  const ColumnMapping& input(size_t port = 0) const;
  // Makes an input have exactly the columns that the node needs, by a projection where it has more.
  ColumnMapping exactly(size_t port);

 private:
  const PlanNode& node() const { return draft_.node(id_); }
  // A node in the node's name that reads only these columns of an input.
  PlanNode selection(PlanNodeId input, const Columns& columns) const;

  PlanDraft& draft_;
  PlanNodeId id_;
  const Use& use_;
  const std::vector<ColumnMapping>& mappings_;
};

// Of columns of which only `wanted` are left, in their order.
ColumnMapping keep_only(size_t columns, const ColumnSet& wanted);
// Of the left one's columns, then the right one's.
ColumnMapping joined(const ColumnMapping& left, size_t left_columns, const ColumnMapping& right);

void remap(Columns& columns, const ColumnMapping& mapping);
void remap(std::optional<size_t>& column, const ColumnMapping& mapping);
void remap(ExpressionPtr& expression, const ColumnMapping& mapping);  // null stays null

// Columns that an expression, which may be null, reads.
void add_columns(const ExpressionPtr& expression, ColumnSet& columns);

}  // namespace sluice
