#include "unit/runtime/number_format.hpp"

#include <charconv>

namespace sluice::test {

namespace {

class NumberDecoder final : public Decoder {
 public:
  explicit NumberDecoder(SchemaPtr schema) : schema_(std::move(schema)) {}
  Status decode(const RawBatch& raw, PartitionClock& clock, Allowance& allowance,
                DecodeResult& result) override {
    ColumnBuilder numbers(Type{TypeKind::bigint}, raw.records.size());
    size_t rows = 0;
    for (size_t i = 0; i < raw.records.size(); ++i) {
      const std::string_view text = raw.records[i].value;
      int64_t number = 0;
      const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
      if (parsed.ec != std::errc{}) {
        for (size_t row = 0; row < text.size(); ++row)
          result.add_failure(
              {static_cast<uint32_t>(i), {ErrorCode::decode_failed, "bad", Retry::never, {}}, ""});
        result.rows_read += text.size();
        continue;
      }
      ++result.rows_read;
      uint64_t bytes = 0;
      const char* const end = text.data() + text.size();
      if (parsed.ptr != end) std::from_chars(parsed.ptr + 1, end, bytes);
      allowance.spend(bytes);
      clock.observe(number);
      numbers.append(number);
      ++rows;
    }
    if (rows > 0) result.rows = RecordBatch(schema_, {numbers.finish()}, rows);
    return {};
  }

 private:
  SchemaPtr schema_;
};

}  // namespace

Result<std::unique_ptr<Decoder>> NumberFormat::make_decoder(const ScanSpec& scan, const Options&,
                                                            const TimeZone&) const {
  return std::make_unique<NumberDecoder>(scan.schema);
}

}  // namespace sluice::test
