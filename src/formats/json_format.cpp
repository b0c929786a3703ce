// The format `json`: one object per record, in both directions.
#include "formats/format_registry.hpp"
#include "formats/json_decoder.hpp"
#include "formats/json_encoder.hpp"
#include "formats/record_checks.hpp"

namespace sluice {

namespace {

class JsonFormat : public Format {
 public:
  std::string name() const override { return "json"; }
  const OptionTable& options() const override { return options_; }
  std::string identity(const Options&) const override { return name(); }
  bool is_changelog() const override { return false; }
  Result<std::unique_ptr<Decoder>> make_decoder(const ScanSpec& scan, const Options& options,
                                                const TimeZone& zone) const override {
    SLUICE_ASSIGN(auto plan, ScanPlan::make(scan, zone));
    return make_json_decoder(std::move(plan), static_cast<size_t>(options.bytes("max_bytes")));
  }

 private:
  const OptionTable options_ = {max_bytes_option()};
};

class JsonOutputFormat : public OutputFormat {
 public:
  std::string name() const override { return "json"; }
  const OptionTable& options() const override { return options_; }
  Result<std::unique_ptr<Encoder>> make_encoder(SchemaPtr schema,
                                                const Options& options) const override {
    JsonEncoding encoding;
    encoding.omits_null = options.boolean("omit_null");
    encoding.quotes_numeric = options.text("numeric") == "string";
    return make_json_encoder(*schema, encoding);
  }

 private:
  const OptionTable options_ = {{.name = "omit_null",
                                 .kind = OptionKind::boolean,
                                 .default_text = "false",
                                 .help = "Leave NULL columns out instead of writing null"},
                                {.name = "numeric",
                                 .kind = OptionKind::choice,
                                 .default_text = "number",
                                 .help = "How numeric columns are written",
                                 .choices = {"number", "string"}}};
};

}  // namespace

void register_json(FormatRegistry& registry) {
  registry.add(std::make_unique<JsonFormat>());
  registry.add(std::make_unique<JsonOutputFormat>());
}

}  // namespace sluice
