// GroupChanges: turns the groups that changed since the last emission into changes of the result:
// +I for a new group, -U and +U for a changed one, -D for one whose last row was taken back; a
// result that is what it was emits nothing. A result that cannot be computed goes where the step's
// policy says, and what was sent before is taken back. Made for one emission.
#pragma once

#include "operators/aggregates/groups.hpp"
#include "operators/group_aggregate.hpp"

namespace sluice {

class GroupChanges {
 public:
  GroupChanges(Groups& groups, const GroupAggregateSettings& settings, OperatorContext& context);

  // Groups without rows are gone afterwards, but for the one of an aggregate without keys.
  Status emit(Collector& out);

 private:
  // The new results of some groups, and those that could not be computed.
  struct Results {
    std::vector<uint32_t> ids;
    RecordBatch batch;
    std::vector<RowError> errors;
  };

  Status emit(std::span<const uint32_t> ids, Collector& out);
  Result<Results> compute(std::span<const uint32_t> ids) const;
  Status compare(const Results& results);
  Status replace(uint32_t id, std::optional<std::string_view> result);
  Status append(RowKind kind, uint32_t id, std::string_view result);
  Status flush(Collector& out);
  RecordBatch finish(std::vector<ColumnBuilder>& keys, std::vector<ColumnBuilder>& calls,
                     RowMeta meta) const;

  Groups& groups_;
  const GroupAggregateSettings& settings_;
  OperatorContext& context_;
  std::vector<size_t> call_columns_;  // of the output
  RowCodec call_codec_;
  std::vector<ColumnBuilder> keys_;
  std::vector<ColumnBuilder> calls_;
  RowMeta meta_;
};

}  // namespace sluice
