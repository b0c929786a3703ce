#include "spec/section_readers.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

namespace {

constexpr int64_t second_us = 1'000'000;
constexpr int64_t hour_us = 3600 * second_us;

const OptionTable& settings_table() {
  static const OptionTable table = {
      {"timezone", OptionKind::text, false, "UTC", "zone of day windows and of times without one"},
      {"parallelism", OptionKind::integer, false, "1", "slots", {}, 1, 64},
      {"delivery",
       OptionKind::choice,
       false,
       "exactly_once",
       "guarantee of every sink",
       {"exactly_once", "at_least_once"}},
      {"checkpoint", OptionKind::node},
      {"state", OptionKind::node}};
  return table;
}

const OptionTable& checkpoint_table() {
  static const OptionTable table = {{"interval",
                                     OptionKind::duration,
                                     false,
                                     "1s",
                                     "time between checkpoints",
                                     {},
                                     10'000,
                                     hour_us},
                                    {"timeout",
                                     OptionKind::duration,
                                     false,
                                     "2m",
                                     "a slower checkpoint is abandoned",
                                     {},
                                     second_us,
                                     24 * hour_us},
                                    {"retain_spools",
                                     OptionKind::integer,
                                     false,
                                     "0",
                                     "published epochs kept for targets that forget",
                                     {},
                                     0,
                                     100'000}};
  return table;
}

const OptionTable& state_table() {
  static const OptionTable table = {
      {"ttl",
       OptionKind::duration,
       false,
       "",
       "how long rows and groups without a window are kept; none: for ever",
       {},
       second_us},
      {"budget", OptionKind::bytes, false, "512MiB", "memory of the whole pipeline", {}, 16 << 20}};
  return table;
}

void check_timezone(const Options& settings, SpecReader& reader) {
  if (TimeZone::load(settings.text("timezone"))) return;
  reader.diagnostics().add({.code = ErrorCode::invalid_value,
                            .location = settings.location("timezone"),
                            .path = "settings.timezone",
                            .message = "\"timezone\" must be a zone such as Asia/Shanghai, not \"" +
                                       settings.text("timezone") + "\""});
}

}  // namespace

SettingsSpec read_settings(const Node& root, SpecReader& reader) {
  const Node section = SpecReader::subsection(root, "settings");
  const Options settings = reader.read(settings_table(), section, "settings");
  const Options checkpoint =
      reader.read(checkpoint_table(), SpecReader::subsection(section, "checkpoint"), "checkpoint");
  const Options state =
      reader.read(state_table(), SpecReader::subsection(section, "state"), "state");
  check_timezone(settings, reader);
  SettingsSpec spec;
  spec.timezone = settings.text("timezone");
  spec.parallelism = static_cast<int>(settings.integer("parallelism"));
  spec.delivery = settings.text("delivery") == "at_least_once" ? Delivery::at_least_once
                                                               : Delivery::exactly_once;
  spec.checkpoint_interval_us = checkpoint.duration_us("interval");
  spec.checkpoint_timeout_us = checkpoint.duration_us("timeout");
  spec.retain_spools = checkpoint.integer("retain_spools");
  if (state.has("ttl")) {
    spec.state_ttl_us = state.duration_us("ttl");
    reader.set_state_ttl(state.text("ttl"));
  }
  spec.state_budget_bytes = state.bytes("budget");
  return spec;
}

}  // namespace sluice
