// What the outputs of all kinds of windows have in common: builders of a result's columns, and
// sending rows of which some could not be computed. One thread.
#pragma once

#include <vector>

#include "operators/row_errors.hpp"
#include "operators/window_aggregate.hpp"

namespace sluice {

// Builders of the keys that are columns, and of the calls.
struct ResultBuilders {
  explicit ResultBuilders(const WindowAggregateSettings& settings);
  std::vector<ColumnBuilder> keys;
  std::vector<ColumnBuilder> calls;
};

// Counts the rows and sends them; those with errors (ascending, each once) go where the step's
// policy says.
Status send_results(const RecordBatch& batch, const std::vector<RowError>& errors,
                    const WindowAggregateSettings& settings, OperatorContext& context,
                    Collector& out);

}  // namespace sluice
