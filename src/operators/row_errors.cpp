#include "operators/row_errors.hpp"

#include <algorithm>

namespace sluice {

EvaluationContext evaluation_context(const OperatorContext& context) {
  return {context.zone, context.environment.clock->now_us(), context.memory};
}

Status handle_row_errors(const RecordBatch& batch, const std::vector<RowError>& errors,
                         const StepPolicy& policy, OperatorContext& context) {
  for (const RowError& failed : errors) {
    const bool is_told = is_addition(batch.kind(failed.row));
    if (!is_told || policy.on_error == RowPolicy::drop) {
      context.counters->dropped("expression_error").add();
      continue;
    }
    DeadLetter letter = dead_letter_of_row(batch, failed.row, policy.step, failed.error);
    if (policy.on_error == RowPolicy::fail) return fail(stopping_error(letter));
    if (failed.position != Expression::no_position)
      letter.expression_position = failed.position + 1;
    context.counters->dead.add();
    SLUICE_TRY(context.dead_letters->add(std::move(letter)));
  }
  return {};
}

void merge_row_errors(std::vector<RowError>& errors) {
  const auto by_row = [](const RowError& left, const RowError& right) {
    return left.row < right.row;
  };
  const auto same_row = [](const RowError& left, const RowError& right) {
    return left.row == right.row;
  };
  std::stable_sort(errors.begin(), errors.end(), by_row);
  errors.erase(std::unique(errors.begin(), errors.end(), same_row), errors.end());
}

std::vector<uint32_t> rows_without_errors(size_t rows, const std::vector<RowError>& errors) {
  std::vector<uint32_t> kept;
  kept.reserve(rows);
  auto next = errors.begin();
  for (uint32_t row = 0; row < rows; ++row) {
    if (next != errors.end() && next->row == row) {
      ++next;
    } else {
      kept.push_back(row);
    }
  }
  return kept;
}

}  // namespace sluice
