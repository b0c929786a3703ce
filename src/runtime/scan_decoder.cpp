#include "runtime/scan_decoder.hpp"

#include <utility>

namespace sluice {

namespace {

RawBatch part_of(const RawBatch& raw, size_t first, size_t count) {
  RawBatch part{raw.origin, raw.arena, {}, raw.headers};
  const auto begin = raw.records.begin() + static_cast<ptrdiff_t>(first);
  part.records.assign(begin, begin + static_cast<ptrdiff_t>(count));
  return part;
}

}  // namespace

ScanDecoder::ScanDecoder(const StreamNode& node, OperatorContext& context)
    : node_(node), vertex_(std::get<ScanVertex>(node.node)), context_(context) {}

Status ScanDecoder::open() {
  SLUICE_ASSIGN(decoder_,
                vertex_.format->make_decoder(vertex_.spec, vertex_.format_options, *context_.zone));
  return {};
}

Status ScanDecoder::decode(const RawBatch& raw, PartitionClock& clock, const Emit& emit) {
  const PartitionClock before = clock;
  Allowance allowance(*context_.memory, raw.records.size());
  decoded_ = {};
  try {
    if (Status decoded = decoder_->decode(raw, clock, allowance, decoded_); !decoded)
      return refuse_record(raw, std::move(decoded).error());
  } catch (const AllowanceExceeded&) {
    clock = before;
    decoded_ = {};
    if (raw.records.size() > 1) return decode_halves(raw, clock, emit);
    SLUICE_TRY(allowance.status());
    refuse_too_large(raw, clock, allowance);
  }
  count();
  SLUICE_TRY(take_failures(raw));
  if (decoded_.rows.empty()) return {};
  context_.counters->out.add(static_cast<int64_t>(decoded_.rows.rows()));
  return emit(std::exchange(decoded_.rows, {}));
}

Status ScanDecoder::decode_halves(const RawBatch& raw, PartitionClock& clock, const Emit& emit) {
  const size_t half = raw.records.size() / 2;
  SLUICE_TRY(decode(part_of(raw, 0, half), clock, emit));
  return decode(part_of(raw, half, raw.records.size() - half), clock, emit);
}

// The only record of the batch. What it holds is not known, nor so its event time.
void ScanDecoder::refuse_too_large(const RawBatch& raw, PartitionClock& clock,
                                   const Allowance& allowance) {
  DecodeFailure failure;
  failure.error = {ErrorCode::record_too_large, "the rows of the record need more than " +
                                                    std::to_string(allowance.limit_bytes()) +
                                                    " bytes of memory"};
  if (vertex_.spec.time_origin != TimeOrigin::event_column) {
    failure.event_time_us = raw.records[0].timestamp_us;
    if (vertex_.spec.time_origin == TimeOrigin::record_timestamp)
      failure.seen = clock.observe(raw.records[0].timestamp_us);
  }
  decoded_.rows_read = 1;
  decoded_.failures.push_back(std::move(failure));
}

// A record that stops the pipeline whatever `on_error` says: the decoder ends with it.
Status ScanDecoder::refuse_record(const RawBatch& raw, Error error) const {
  if (!decoded_.refused_record) return fail(std::move(error));
  return fail(stopping_error(
      dead_letter_of_record(raw, *decoded_.refused_record, node_.name, std::move(error)),
      "source"));
}

void ScanDecoder::count() const {
  StepCounters& counters = *context_.counters;
  counters.in.add(static_cast<int64_t>(decoded_.rows_read + decoded_.records_skipped));
  if (decoded_.rows_filtered > 0)
    counters.dropped("filtered").add(static_cast<int64_t>(decoded_.rows_filtered));
  if (decoded_.records_skipped > 0)
    counters.dropped("skipped").add(static_cast<int64_t>(decoded_.records_skipped));
}

Status ScanDecoder::take_failures(const RawBatch& raw) {
  std::optional<uint32_t> record;
  for (DecodeFailure& failure : decoded_.failures) {
    const auto rows = static_cast<int64_t>(1 + failure.further_rows);
    const bool is_first_of_record = record != failure.record;
    record = failure.record;
    if (vertex_.on_error == RowPolicy::drop) {
      context_.counters->dropped("decode_error").add(rows);
      continue;
    }
    context_.counters->dead.add(vertex_.on_error == RowPolicy::fail ? 0 : rows);
    SLUICE_TRY(send_letter(raw, failure, is_first_of_record));
  }
  return {};
}

// The bytes of a record stand in the first of its letters: all of them have its position.
Status ScanDecoder::send_letter(const RawBatch& raw, DecodeFailure& failure,
                                bool is_first_of_record) {
  if (failure.further_rows > 0) {
    failure.error.message += " (" + std::to_string(failure.further_rows) +
                             " more bad rows of this record have no letter of their own)";
  }
  DeadLetter letter = dead_letter_of_record(raw, failure.record, node_.name,
                                            std::move(failure.error), is_first_of_record);
  letter.event_time_us = failure.event_time_us;
  if (failure.seen != not_behind) letter.watermark_us = failure.seen;
  if (vertex_.on_error == RowPolicy::fail) return fail(stopping_error(std::move(letter), "source"));
  return context_.dead_letters->add(std::move(letter));
}

}  // namespace sluice
