#include "operators/windows/refused_rows.hpp"

namespace sluice {

RowError unusable_time(bool is_null, uint32_t row) {
  Error error{ErrorCode::event_time_missing, "the window's time column is NULL", Retry::never, {}};
  if (!is_null) {
    error = {
        ErrorCode::value_out_of_range, "the time is too far away for a window", Retry::never, {}};
  }
  return {row, std::move(error), Expression::no_position};
}

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
  if (assigned.rows_outside() > 0)
    context.counters->dropped("filtered").add(assigned.rows_outside());
  for (const uint32_t row : assigned.late_rows()) {
    SLUICE_TRY(refuse_late({batch, row}, watermark_us, settings, context));
  }
  return {};
}

}  // namespace sluice
