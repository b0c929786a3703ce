#include "operators/windows/refused_rows.hpp"

namespace sluice {

Status refuse_late(const LateRow& late, int64_t watermark_us,
                   const WindowAggregateSettings& settings, OperatorContext& context) {
  if (settings.late.action == RowPolicy::drop) {
    context.counters->late(RowPolicy::drop).add(late.rows);
    return {};
  }
  Error error{
      ErrorCode::late_row, "every window of the row was closed when it came", Retry::never, {}};
  DeadLetter letter =
      dead_letter_of_row(late.batch, late.row, settings.policy.step, std::move(error));
  if (!letter.watermark_us && watermark_us != INT64_MIN) letter.watermark_us = watermark_us;
  if (settings.late.action == RowPolicy::fail) return fail(stopping_error(std::move(letter)));
  context.counters->late(RowPolicy::dead_letter).add(late.rows);
  return context.dead_letters->add(std::move(letter));
}

Status refuse_rows(const RecordBatch& batch, const RowAssigner& assigned, int64_t watermark_us,
                   const WindowAggregateSettings& settings, OperatorContext& context) {
  SLUICE_TRY(handle_row_errors(batch, assigned.errors(), settings.policy, context));
  for (const uint32_t row : assigned.late_rows()) {
    SLUICE_TRY(refuse_late({batch, row}, watermark_us, settings, context));
  }
  return {};
}

}  // namespace sluice
