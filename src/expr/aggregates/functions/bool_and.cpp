// bool_and, which SQL also calls every.
#include "expr/aggregates/folding.hpp"
#include "expr/aggregates/truth_counts.hpp"
#include "expr/function_registry.hpp"

namespace sluice {

namespace {

struct AllTrue : TruthCounts {
  Status finish(AccumulatorMode, ColumnBuilder& out) const { return append(falses <= 0, out); }
};

}  // namespace

void register_bool_and(FunctionRegistry& registry) {
  registry.aggregates().add({.name = "bool_and",
                             .aliases = {"every"},
                             .arguments = {Type{TypeKind::boolean}},
                             .result = Type{TypeKind::boolean},
                             .accumulate = fold<AllTrue>,
                             .ignores_duplicates = true,
                             .help = "whether all values are true"});
}

}  // namespace sluice
