// RecordDecoder: what all decoders have in common: the loop over the records of a batch, which
// record ended it, and records without a value or with too large a one. An heir says what a record
// holds; it is called without a virtual call, since that is once a record:
//   Status take_record(const RawRecord&)   a value that is not null and not too large
//   Status take_null(const RawRecord&)     hides the one here, for which such a record is bad
//   void start_batch(DecodeResult&), void finish_batch(DecodeResult&)
//                                          hide those here, which do nothing
// An Error of theirs ends the run; a bad record is told to the collector.
#pragma once

#include <memory>
#include <string>

#include "formats/record_checks.hpp"
#include "formats/row_collector.hpp"

namespace sluice {

template <class Heir>
class RecordDecoder : public Decoder {
 public:
  Status decode(const RawBatch& raw, PartitionClock& clock, Allowance& allowance,
                DecodeResult& result) final {
    collector_.start(raw, clock, allowance, result);
    heir().start_batch(result);
    for (uint32_t i = 0; i < raw.records.size(); ++i) {
      collector_.start_record(i);
      if (Status decoded = decode_record(raw.records[i]); !decoded) {
        result.refused_record = i;
        return decoded;
      }
    }
    collector_.finish();
    heir().finish_batch(result);
    return {};
  }

  Status take_null(const RawRecord&) { return fail_record("the record has a null value"); }
  void start_batch(DecodeResult&) {}
  void finish_batch(DecodeResult&) {}

 protected:
  RecordDecoder(std::shared_ptr<const ScanPlan> plan, size_t max_bytes)
      : plan_(std::move(plan)), max_bytes_(max_bytes), collector_(plan_) {}

  // The record that is at hand cannot be read.
  Status fail_record(std::string message, ErrorCode code = ErrorCode::decode_failed) {
    collector_.fail_record(code, std::move(message));
    return {};
  }

  const std::shared_ptr<const ScanPlan> plan_;
  const size_t max_bytes_;
  RowCollector collector_;

 private:
  Heir& heir() { return static_cast<Heir&>(*this); }

  Status decode_record(const RawRecord& record) {
    if (record.value_is_null) return heir().take_null(record);
    if (record.value.size() > max_bytes_) {
      return fail_record(too_large_message(record.value.size(), max_bytes_),
                         ErrorCode::record_too_large);
    }
    return heir().take_record(record);
  }
};

}  // namespace sluice
