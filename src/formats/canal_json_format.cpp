// The format `canal_json`: the change envelopes of Canal, read only.
#include "data/jsonb_text.hpp"
#include "formats/canal_json_decoder.hpp"
#include "formats/format_registry.hpp"

namespace sluice {

namespace {

CanalSettings settings_of(const Options& options) {
  CanalSettings settings;
  settings.max_bytes = static_cast<size_t>(options.bytes("max_bytes"));
  if (options.has("database")) settings.database = options.text("database");
  if (options.has("table")) settings.table = options.text("table");
  return settings;
}

// ` table "orders"`; nothing where any will do.
void add_part(const std::string& option, const std::string& value, std::string& identity) {
  if (value.empty()) return;
  identity += " " + option + " ";
  append_json_string(value, identity);
}

class CanalJsonFormat : public Format {
 public:
  std::string name() const override { return "canal_json"; }
  const OptionTable& options() const override { return options_; }
  std::string identity(const Options& options) const override {
    const CanalSettings settings = settings_of(options);
    std::string identity = name();
    add_part("database", settings.database, identity);
    add_part("table", settings.table, identity);
    return identity;
  }
  bool is_changelog() const override { return true; }
  Result<std::unique_ptr<Decoder>> make_decoder(const ScanSpec& scan, const Options& options,
                                                const TimeZone& zone) const override {
    SLUICE_ASSIGN(auto plan, ScanPlan::make(scan, zone));
    return make_canal_json_decoder(std::move(plan), settings_of(options));
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
