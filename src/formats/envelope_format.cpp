#include "formats/envelope.hpp"
#include "formats/envelope_decoder.hpp"
#include "formats/envelope_fields.hpp"
#include "formats/record_checks.hpp"
#include "values/json/jsonb_text.hpp"

namespace sluice {

namespace {

std::vector<OptionSpec> option_specs(const EnvelopeFormat& format) {
  std::vector<OptionSpec> specs = {max_bytes_option()};
  for (const TablePart& part : format.table_parts) {
    specs.push_back({.name = part.option,
                     .help = "Only changes of this " + part.option + "; without it those of any"});
  }
  specs.insert(specs.end(), format.options.begin(), format.options.end());
  return specs;
}

class EnvelopeInput : public Format {
 public:
  explicit EnvelopeInput(EnvelopeFormat format)
      : format_(std::make_shared<const EnvelopeFormat>(std::move(format))),
        options_(option_specs(*format_)) {}

  std::string name() const override { return format_->name; }
  const OptionTable& options() const override { return options_; }
  bool is_changelog() const override { return true; }
  std::vector<std::vector<std::string>> row_paths() const override {
    return image_paths(format_->shape);
  }

  std::string identity(const Options& options) const override {
    std::string identity = format_->name;
    for (const OptionSpec& spec : options_.specs()) {
      if (spec.name == "max_bytes" || !options.has(spec.name)) continue;
      const std::string& text = options.text(spec.name);
      if (text == spec.default_text) continue;
      identity += " " + spec.name + " ";
      append_json_string(text, identity);
    }
    return identity;
  }

  Result<std::unique_ptr<Decoder>> make_decoder(const ScanSpec& scan, const Options& options,
                                                const TimeZone& zone) const override {
    SLUICE_ASSIGN(auto plan, ScanPlan::make(scan, zone));
    return make_envelope_decoder(std::move(plan), format_, options);
  }

 private:
  std::shared_ptr<const EnvelopeFormat> format_;
  OptionTable options_;
};

}  // namespace

void add_envelope_format(EnvelopeFormat format, FormatRegistry& registry) {
  registry.add(std::make_unique<EnvelopeInput>(std::move(format)));
}

}  // namespace sluice
