// bool_or.
#include "expr/aggregates/folding.hpp"
#include "expr/aggregates/truth_counts.hpp"
#include "expr/function_registry.hpp"

namespace sluice {

namespace {

struct AnyTrue : TruthCounts {
  Status finish(AccumulatorMode, ColumnBuilder& out) const { return append(trues > 0, out); }
};

}  // namespace

void register_bool_or(FunctionRegistry& registry) {
  registry.aggregates().add({.name = "bool_or",
                             .arguments = {Type{TypeKind::boolean}},
                             .result = Type{TypeKind::boolean},
                             .accumulate = fold<AnyTrue>,
                             .ignores_duplicates = true,
                             .help = "whether any value is true"});
}

}  // namespace sluice
