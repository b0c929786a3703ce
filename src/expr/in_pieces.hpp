// Evaluation over a batch whose values may grow beyond what memory holds: of the whole batch, or,
// where that exceeds its Allowance, of its halves one after the other, down to single rows. A row
// that exceeds it alone fails. One thread.
#pragma once

#include <utility>
#include <vector>

#include "expr/evaluator.hpp"

namespace sluice {

// `compute(piece, context, errors)` evaluates within context.allowance, has no other effects, and
// returns what it made; `use(piece, made, errors)` then takes it and returns a Status. Pieces come
// in order and have all rows together; `errors` are numbered within the piece, and when the row was
// too large, what was made is worthless. Error: use's first one, or the pipeline's budget does not
// suffice for a single row.
template <class Compute, class Use>
Status in_pieces(const RecordBatch& batch, const EvaluationContext& context, const Compute& compute,
                 const Use& use) {
  const size_t rows = batch.rows();
  {
    Allowance allowance = context.memory ? Allowance(*context.memory, rows) : Allowance();
    const EvaluationContext bounded{context.zone, context.now_us, context.memory, &allowance};
    std::vector<RowError> errors;
    auto made = compute(batch, bounded, errors);
    if (!allowance.is_exceeded()) return use(batch, std::move(made), errors);
    if (rows == 1) {
      SLUICE_TRY(allowance.status());
      errors.assign(1, {0, row_too_large(allowance), Expression::no_position});
      return use(batch, std::move(made), errors);
    }
  }
  SLUICE_TRY(in_pieces(batch.slice(0, rows / 2), context, compute, use));
  return in_pieces(batch.slice(rows / 2, rows - rows / 2), context, compute, use);
}

// The same for one expression: `use(piece, values, errors)`.
template <class Use>
Status evaluate_in_pieces(const Expression& expression, const RecordBatch& batch,
                          const EvaluationContext& context, const Use& use) {
  const auto compute = [&](const RecordBatch& piece, const EvaluationContext& bounded,
                           std::vector<RowError>& errors) {
    return evaluate(expression, piece, bounded, errors);
  };
  return in_pieces(batch, context, compute, use);
}

}  // namespace sluice
