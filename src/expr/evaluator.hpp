// Evaluator: computes an expression for all rows of a batch, column at a time. Stateless; any
// thread.
#pragma once

#include <vector>

#include "data/record_batch.hpp"
#include "expr/expression.hpp"

namespace sluice {

// The expression's value for each row. Rows that fail are NULL and listed in `errors`, ascending
// and each once; errors of branches that a row does not take (CASE, COALESCE, AND, OR) are not
// reported. A plain column reference is shared, not copied. Where the context's allowance is
// exceeded the evaluation ends, and gives nothing but NULLs; without one of the context's every row
// fails then.
ColumnPtr evaluate(const Expression& expression, const RecordBatch& batch,
                   const EvaluationContext& context, std::vector<RowError>& errors);

// The rows for which a boolean expression is true (neither false nor NULL), ascending. Failed rows
// are not among them. In pieces (in_pieces.hpp). Error: the pipeline's budget does not suffice.
Result<std::vector<uint32_t>> select_rows(const Expression& predicate, const RecordBatch& batch,
                                          const EvaluationContext& context,
                                          std::vector<RowError>& errors);

// The error of a row whose values need more memory than the allowance has.
Error row_too_large(const Allowance& allowance);

// The value of an expression without columns. Error: that of the evaluation.
Result<Value> fold_constant(const Expression& expression, const EvaluationContext& context);

}  // namespace sluice
