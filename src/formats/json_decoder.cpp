#include "formats/json_decoder.hpp"

#include "formats/json_reader.hpp"
#include "formats/record_checks.hpp"

namespace sluice {

namespace {

class JsonDecoder : public Decoder {
 public:
  JsonDecoder(std::shared_ptr<const ScanPlan> plan, size_t max_bytes)
      : plan_(std::move(plan)),
        max_bytes_(max_bytes),
        collector_(plan_),
        reader_(*plan_, collector_) {}

  Status decode(const RawBatch& raw, PartitionClock& clock, DecodeResult& result) override {
    collector_.start(raw, clock, result);
    for (uint32_t i = 0; i < raw.records.size(); ++i) {
      collector_.start_record(i);
      if (Status decoded = decode_record(raw.records[i]); !decoded) {
        result.refused_record = i;
        return decoded;
      }
    }
    collector_.finish();
    reader_.release_large_buffers();
    return {};
  }

 private:
  Status decode_record(const RawRecord& record) {
    if (record.value_is_null) {
      collector_.fail_record(ErrorCode::decode_failed, "the record has a null value");
      return {};
    }
    if (record.value.size() > max_bytes_) {
      collector_.fail_record(ErrorCode::record_too_large,
                             too_large_message(record.value.size(), max_bytes_));
      return {};
    }
    if (const JsonFault fault = reader_.read_row(record.value); !fault.empty()) {
      collector_.fail_record(ErrorCode::decode_failed, std::string(fault));
      return {};
    }
    if (!reader_.undeclared_field().empty()) {
      SLUICE_TRY(check_undeclared(plan_->scan(), reader_.undeclared_field()));
    }
    collector_.stage_row();
    collector_.commit(RowKind::insert);
    return {};
  }

  const std::shared_ptr<const ScanPlan> plan_;
  const size_t max_bytes_;
  RowCollector collector_;
  JsonReader reader_;
};

}  // namespace

std::unique_ptr<Decoder> make_json_decoder(std::shared_ptr<const ScanPlan> plan, size_t max_bytes) {
  return std::make_unique<JsonDecoder>(std::move(plan), max_bytes);
}

}  // namespace sluice
