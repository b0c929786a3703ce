// What an operator does with rows whose expressions fail: dead letter, drop or fail, as the step
// says. Used by every operator that evaluates expressions; one thread.
#pragma once

#include <string>
#include <vector>

#include "data/row_policy.hpp"
#include "dataflow/operator.hpp"
#include "expr/in_pieces.hpp"

namespace sluice {

// How a step's operators evaluate expressions and treat rows that fail.
struct StepPolicy {
  std::string step;  // its name, for messages and dead letters
  RowPolicy on_error = RowPolicy::dead_letter;
};

// Zone, statement time and memory of an evaluation that starts now.
EvaluationContext evaluation_context(const OperatorContext& context);

// Sends the failed rows (ascending, each once) where the policy says and counts them. Of a row that
// is taken back nothing is said: it was when the row came. Error: the first row's, under
// RowPolicy::fail.
Status handle_row_errors(const RecordBatch& batch, const std::vector<RowError>& errors,
                         const StepPolicy& policy, OperatorContext& context);
// Sorts errors of several evaluations over one batch by row and keeps the first of each.
void merge_row_errors(std::vector<RowError>& errors);
// The rows of 0..rows that did not fail; `errors` sorted.
std::vector<uint32_t> rows_without_errors(size_t rows, const std::vector<RowError>& errors);

}  // namespace sluice
