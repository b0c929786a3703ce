// The format `canal_json`: the change envelopes of Canal, read only.
#include "formats/canal_json_decoder.hpp"
#include "formats/format_registry.hpp"

namespace sluice {

namespace {

class CanalJsonFormat : public Format {
 public:
  std::string name() const override { return "canal_json"; }
  const OptionTable& options() const override { return options_; }
  bool is_changelog() const override { return true; }
  Result<std::unique_ptr<Decoder>> make_decoder(const ScanSpec& scan, const Options& options,
                                                const TimeZone& zone) const override {
    SLUICE_ASSIGN(auto plan, ScanPlan::make(scan, zone));
    CanalSettings settings;
    settings.max_bytes = static_cast<size_t>(options.bytes("max_bytes"));
    if (options.has("database")) settings.database = options.text("database");
    if (options.has("table")) settings.table = options.text("table");
    return make_canal_json_decoder(std::move(plan), std::move(settings));
  }

 private:
  const OptionTable options_ = {
      {.name = "max_bytes",
       .kind = OptionKind::bytes,
       .default_text = "8MiB",
       .help = "Larger records are dead letters",
       .minimum = 1},
      {.name = "database", .help = "Only changes of this database; without it those of any"},
      {.name = "table", .help = "Only changes of this table; without it those of any"}};
};

}  // namespace

void register_canal_json(FormatRegistry& registry) {
  registry.add(std::make_unique<CanalJsonFormat>());
}

}  // namespace sluice
