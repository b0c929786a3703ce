// The output format `toy_pairs`: a row as `name=value name=value`.
#include "data/column_text.hpp"
#include "formats/format_registry.hpp"

namespace sluice {

namespace {

class PairsEncoder final : public Encoder {
 public:
  explicit PairsEncoder(SchemaPtr schema) : schema_(std::move(schema)) {}
  Status encode(const RecordBatch& batch, size_t row, std::string& out) override {
    for (size_t column = 0; column < schema_->size(); ++column) {
      if (column > 0) out.push_back(' ');
      out += (*schema_)[column].name + "=";
      if (!batch.column(column).is_null(row)) format_value(batch.column(column), row, utc_, out);
    }
    return {};
  }

 private:
  SchemaPtr schema_;
  const TimeZone utc_;
};

class PairsFormat final : public OutputFormat {
 public:
  std::string name() const override { return "toy_pairs"; }
  const OptionTable& options() const override { return no_options_; }
  Result<std::unique_ptr<Encoder>> make_encoder(SchemaPtr schema, const Options&) const override {
    return std::make_unique<PairsEncoder>(std::move(schema));
  }

 private:
  const OptionTable no_options_{std::vector<OptionSpec>{}};
};

}  // namespace

void register_toy_pairs(FormatRegistry& registry) { registry.add(std::make_unique<PairsFormat>()); }

}  // namespace sluice
