#include "formats/json_decoder.hpp"

#include "formats/json_reader.hpp"
#include "formats/record_decoder.hpp"

namespace sluice {

namespace {

class JsonDecoder final : public RecordDecoder<JsonDecoder> {
 public:
  JsonDecoder(std::shared_ptr<const ScanPlan> plan, size_t max_bytes)
      : RecordDecoder(std::move(plan), max_bytes), reader_(*plan_, collector_) {}

  Status take_record(const RawRecord& record) {
    if (const JsonFault fault = reader_.read_row(record.value); !fault.empty()) {
      return fail_record(std::string(fault));
    }
    if (!reader_.undeclared_field().empty()) {
      SLUICE_TRY(check_undeclared(plan_->scan(), reader_.undeclared_field()));
    }
    collector_.stage_row();
    collector_.commit(RowKind::insert);
    return {};
  }

  void finish_batch(DecodeResult&) { reader_.release_large_buffers(); }

 private:
  JsonReader reader_;
};

}  // namespace

std::unique_ptr<Decoder> make_json_decoder(std::shared_ptr<const ScanPlan> plan, size_t max_bytes) {
  return std::make_unique<JsonDecoder>(std::move(plan), max_bytes);
}

}  // namespace sluice
