#include "expr/evaluator.hpp"

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"
#include "expr/branch_values.hpp"
#include "expr/evaluation_frame.hpp"
#include "expr/expression_tree.hpp"
#include "expr/in_pieces.hpp"
#include "expr/three_valued.hpp"

namespace sluice {

namespace {

bool is_leaf(const Expression& expression) {
  return expression.as<ColumnReference>() != nullptr || expression.as<Literal>() != nullptr;
}

// A branch that cannot fail is evaluated for all rows unless few need it: then copying those rows
// out is cheaper.
constexpr size_t gather_below_share = 4;

std::vector<uint32_t> all_positions(size_t size) {
  std::vector<uint32_t> positions(size);
  for (size_t i = 0; i < size; ++i) positions[i] = static_cast<uint32_t>(i);
  return positions;
}

// NULL wherever an argument is. A NULL's value is zero bytes, never an uninitialised view.
void set_strict_nulls(const std::vector<ColumnPtr>& arguments, Column& result) {
  std::vector<uint64_t> validity;
  const size_t words = (result.size() + 63) / 64;
  for (const ColumnPtr& argument : arguments) {
    if (!argument->has_nulls()) continue;
    validity.resize(words, ~uint64_t{0});
    const bool is_constant = argument->size() != result.size();
    for (size_t word = 0; word < words; ++word) {
      validity[word] &= is_constant ? 0 : argument->validity()[word];
    }
  }
  if (validity.empty()) return;
  std::memset(result.mutable_values<std::byte>(), 0,
              result.size() * value_width(result.type().kind));
  result.set_validity(std::move(validity));
}

class Evaluator {
 public:
  Evaluator(const EvaluationContext& context, std::vector<RowError>& errors)
      : context_(context), errors_(errors) {}

  // One value per row of the frame, or one for all.
  ColumnPtr evaluate(const Expression& expression, EvaluationFrame& frame) {
    if (frame.size() == 0) return null_column(expression.type(), 0);
    if (const auto* column = expression.as<ColumnReference>()) return frame.column(column->index);
    if (const auto* value = expression.as<Literal>()) return value->value.repeat(1);
    if (const auto* call = expression.as<Call>()) return evaluate_call(*call, expression, frame);
    if (const auto* conjunction = expression.as<Conjunction>())
      return evaluate_conjunction(*conjunction, frame);
    if (const auto* cases = expression.as<Case>())
      return evaluate_case(*cases, expression.type(), frame);
    return evaluate_coalesce(*expression.as<Coalesce>(), expression.type(), frame);
  }

 private:
  ColumnPtr evaluate_call(const Call& call, const Expression& expression, EvaluationFrame& frame) {
    std::vector<ColumnPtr> arguments;
    arguments.reserve(call.arguments.size());
    size_t rows = 1;
    size_t errors_of_first = errors_.size();
    for (const ExpressionPtr& argument : call.arguments) {
      arguments.push_back(evaluate(*argument, frame));
      rows = std::max(rows, arguments.back()->size());
      if (arguments.size() == 1) errors_of_first = errors_.size();
    }
    auto result = std::make_shared<Column>(expression.type(), rows);
    if (call.function->strict) set_strict_nulls(arguments, *result);
    if (result->type().is_view()) {
      for (const ColumnPtr& argument : arguments) result->keep_arenas_of(*argument);
    }
    const size_t errors_before = errors_.size();
    CallContext context(context_, arguments, *result, expression.position(), errors_);
    call.function->kernel(context);
    locate_errors(errors_before, rows, frame);
    if (call.function->casts_first) {
      // The cast of the first argument stands before the other arguments, and so does its failure.
      std::rotate(errors_.begin() + static_cast<ptrdiff_t>(errors_of_first),
                  errors_.begin() + static_cast<ptrdiff_t>(errors_before), errors_.end());
    }
    return result;
  }

  // Kernels number rows within their call; here they become rows of the batch. A constant that
  // fails fails for every row.
  void locate_errors(size_t first, size_t rows, const EvaluationFrame& frame) {
    const size_t end = errors_.size();
    for (size_t i = first; i < end; ++i) {
      if (rows == 1) {
        for (size_t row = 1; row < frame.size(); ++row) {
          errors_.push_back({frame.batch_row(row), errors_[i].error, errors_[i].position});
        }
      }
      errors_[i].row = frame.batch_row(errors_[i].row);
    }
  }

  // The operand's values for some rows of the frame; it reports no error of any other row.
  BranchValues evaluate_some(const Expression& expression, EvaluationFrame& frame,
                             const std::vector<uint32_t>& positions) {
    const bool is_cheap =
        positions.size() * gather_below_share >= frame.size() && !may_fail(expression);
    if (positions.size() == frame.size() || is_leaf(expression) || is_cheap) {
      return BranchValues(evaluate(expression, frame), positions, false);
    }
    EvaluationFrame part(frame, positions);
    return BranchValues(evaluate(expression, part), positions, true);
  }

  ColumnPtr evaluate_conjunction(const Conjunction& conjunction, EvaluationFrame& frame) {
    ThreeValued state(conjunction.kind, frame.size());
    for (const ExpressionPtr& operand : conjunction.operands) {
      const size_t open = state.count_undecided();
      if (open == 0) break;
      const bool is_cheap = open * gather_below_share >= frame.size() && !may_fail(*operand);
      if (open == frame.size() || is_cheap) {
        state.combine(*evaluate(*operand, frame));
        continue;
      }
      const std::vector<uint32_t> undecided = state.undecided();
      state.combine(evaluate_some(*operand, frame, undecided), undecided);
    }
    return state.finish();
  }

  ColumnPtr evaluate_case(const Case& cases, Type type, EvaluationFrame& frame) {
    auto result = std::make_shared<Column>(type, frame.size());
    std::vector<uint32_t> remaining = all_positions(frame.size());
    for (const CaseBranch& branch : cases.branches) {
      if (remaining.empty()) break;
      const BranchValues condition = evaluate_some(*branch.condition, frame, remaining);
      const uint8_t* is_true = condition.column()->values<uint8_t>();
      std::vector<uint32_t> taken;
      std::vector<uint32_t> rest;
      for (size_t i = 0; i < remaining.size(); ++i) {
        const bool takes = is_true[condition.index(i)] != 0 && !condition.is_null(i);
        (takes ? taken : rest).push_back(remaining[i]);
      }
      if (!taken.empty()) evaluate_some(*branch.result, frame, taken).assign_to(*result);
      remaining = std::move(rest);
    }
    if (remaining.empty()) return result;
    if (cases.otherwise) {
      evaluate_some(*cases.otherwise, frame, remaining).assign_to(*result);
    } else {
      for (const uint32_t position : remaining) result->set_null(position);
    }
    return result;
  }

  ColumnPtr evaluate_coalesce(const Coalesce& coalesce, Type type, EvaluationFrame& frame) {
    ColumnPtr first = evaluate(*coalesce.operands.front(), frame);
    if (!first->has_nulls()) return first;
    auto result = std::make_shared<Column>(type, frame.size());
    std::vector<uint32_t> remaining = all_positions(frame.size());
    for (size_t index = 0; index < coalesce.operands.size() && !remaining.empty(); ++index) {
      const BranchValues values = index == 0
                                      ? BranchValues(std::move(first), remaining, false)
                                      : evaluate_some(*coalesce.operands[index], frame, remaining);
      remaining = values.assign_values_to(*result);
    }
    for (const uint32_t position : remaining) result->set_null(position);
    return result;
  }

  const EvaluationContext& context_;
  std::vector<RowError>& errors_;
};

// Ascending, the first error of each row.
void sort_errors(std::vector<RowError>& errors) {
  std::stable_sort(errors.begin(), errors.end(),
                   [](const RowError& a, const RowError& b) { return a.row < b.row; });
  const auto last =
      std::unique(errors.begin(), errors.end(),
                  [](const RowError& a, const RowError& b) { return a.row == b.row; });
  errors.erase(last, errors.end());
}

// NULL where a row failed.
ColumnPtr marked(const ColumnPtr& values, const std::vector<RowError>& failed) {
  const size_t rows = values->size();
  auto result = std::make_shared<Column>(values->type(), rows);
  BranchValues(values, all_positions(rows), false).assign_to(*result);
  for (const RowError& error : failed) result->set_null(error.row);
  return result;
}

ColumnPtr evaluate_within(const Expression& expression, const RecordBatch& batch,
                          const EvaluationContext& context, std::vector<RowError>& errors) {
  std::vector<RowError> failed;
  EvaluationFrame frame(batch);
  ColumnPtr result = Evaluator(context, failed).evaluate(expression, frame);
  if (result->size() != batch.rows())
    result = gather(*result, std::vector<uint32_t>(batch.rows(), 0));
  if (failed.empty()) return result;
  result = marked(result, failed);
  std::move(failed.begin(), failed.end(), std::back_inserter(errors));
  sort_errors(errors);
  return result;
}

}  // namespace

ColumnPtr evaluate(const Expression& expression, const RecordBatch& batch,
                   const EvaluationContext& context, std::vector<RowError>& errors) {
  Allowance own;
  EvaluationContext bounded = context;
  if (bounded.allowance == nullptr) bounded.allowance = &own;
  // By an evaluation before that shares it.
  if (bounded.allowance->is_exceeded()) return null_column(expression.type(), batch.rows());
  try {
    return evaluate_within(expression, batch, bounded, errors);
  } catch (const AllowanceExceeded&) {
    for (uint32_t row = 0; context.allowance == nullptr && row < batch.rows(); ++row)
      errors.push_back({row, row_too_large(own), Expression::no_position});
    return null_column(expression.type(), batch.rows());
  }
}

Error row_too_large(const Allowance& allowance) {
  return {ErrorCode::value_out_of_range,
          "the values of the row need more than " + std::to_string(allowance.limit_bytes()) +
              " bytes of memory",
          Retry::never,
          {}};
}

Result<std::vector<uint32_t>> select_rows(const Expression& predicate, const RecordBatch& batch,
                                          const EvaluationContext& context,
                                          std::vector<RowError>& errors) {
  SLUICE_ASSERT(predicate.type().kind == TypeKind::boolean, "a predicate is boolean");
  std::vector<uint32_t> selected(batch.rows());
  size_t count = 0;
  uint32_t first = 0;
  SLUICE_TRY(evaluate_in_pieces(predicate, batch, context,
                                [&](const RecordBatch& piece, const ColumnPtr& chosen,
                                    std::vector<RowError>& failed) -> Status {
                                  const uint8_t* is_true = chosen->values<uint8_t>();
                                  for (uint32_t row = 0; row < piece.rows(); ++row) {
                                    selected[count] = first + row;
                                    count += is_true[row];
                                  }
                                  for (RowError& error : failed) {
                                    error.row += first;
                                    errors.push_back(std::move(error));
                                  }
                                  first += static_cast<uint32_t>(piece.rows());
                                  return {};
                                }));
  selected.resize(count);
  if (!errors.empty()) sort_errors(errors);
  return selected;
}

Result<Value> fold_constant(const Expression& expression, const EvaluationContext& context) {
  static const SchemaPtr no_columns = std::make_shared<const Schema>();
  const RecordBatch row(no_columns, {}, 1);
  std::vector<RowError> errors;
  const ColumnPtr value = evaluate(expression, row, context, errors);
  if (!errors.empty()) return fail(std::move(errors.front().error));
  return Value::from_column(*value, 0);
}

}  // namespace sluice
