#include <algorithm>
#include <set>

#include "spec/endpoint.hpp"
#include "spec/section_readers.hpp"

namespace sluice {

namespace {

const std::vector<std::string>& mode_names() {
  static const std::vector<std::string> names = {"append", "upsert", "changelog"};
  return names;
}

SinkMode mode_of(const std::string& name) {
  if (name == "upsert") return SinkMode::upsert;
  return name == "changelog" ? SinkMode::changelog : SinkMode::append;
}

bool takes(const ConnectorOptions& connector, SinkMode mode) {
  switch (mode) {
    case SinkMode::append:
      return connector.takes_append;
    case SinkMode::upsert:
      return connector.takes_upsert;
    case SinkMode::changelog:
      return connector.takes_changelog;
  }
  return false;
}

void check_mode(const ConnectorOptions& connector, const Node& sink, const SinkSpec& spec,
                Diagnostics& diagnostics) {
  const Node mode = sink["mode"];
  if (!takes(connector, spec.mode)) {
    std::string taken;
    for (const std::string& name : mode_names()) {
      if (takes(connector, mode_of(name))) taken += (taken.empty() ? "" : ", ") + name;
    }
    const std::string written = mode ? mode.text() : "append";
    diagnostics.error(ErrorCode::sink_mode_unsupported, mode ? mode : sink,
                      connector.name + " does not take mode " + written + "; it takes " + taken);
  }
  if (!takes(connector, spec.mode)) return;
  const Node target = sink[connector.name];
  if (spec.mode == SinkMode::upsert && connector.upsert_needs_key && spec.key.empty() &&
      !target["key"]) {
    diagnostics.error(ErrorCode::sink_key_missing, target,
                      "mode upsert needs the \"key\" of " + connector.name);
  }
}

void check_key(const SinkSpec& spec, const Node& key, Diagnostics& diagnostics) {
  std::set<std::string> seen;
  for (const std::string& column : spec.key) {
    if (seen.insert(column).second) continue;
    diagnostics.error(ErrorCode::duplicate_name, key, "\"" + column + "\" stands twice in the key");
  }
}

}  // namespace

SinkSpec read_sink(const NamedNode& sink, SpecReader& reader) {
  SinkSpec spec;
  spec.name = sink.key.text();
  spec.location = sink.key.location();
  const std::string what = "sink " + spec.name;
  std::vector<OptionSpec> fields = connector_fields(reader.catalogue());
  fields.push_back({"from", OptionKind::text, true});
  fields.push_back({"format", OptionKind::node});
  fields.push_back(
      {"mode", OptionKind::choice, false, "append", "how the target takes changes", mode_names()});
  fields.push_back({"on_error", OptionKind::choice, false, "", "", row_policy_names()});
  const Options options = reader.read(OptionTable(std::move(fields)), sink.value, what);
  if (!sink.value.is_map()) return spec;
  spec.from = options.text("from");
  spec.from_location = options.location("from");
  spec.mode = mode_of(options.text("mode"));
  spec.mode_location = options.location("mode");
  spec.on_error = reader.policy(options, "on_error", sink.value.path());
  spec.to = read_endpoint(sink.value, EndpointRole::sink, what, reader);
  spec.format = read_format(sink.value, spec.to, EndpointRole::sink, "", reader);
  const ConnectorOptions* connector = reader.catalogue().find_connector(spec.to.connector);
  if (connector == nullptr) return spec;
  spec.key = key_columns(*connector->sink, spec.to.options);
  check_mode(*connector, sink.value, spec, reader.diagnostics());
  check_key(spec, sink.value[connector->name]["key"], reader.diagnostics());
  return spec;
}

}  // namespace sluice
