#include "pipeline/connector_catalogue.hpp"

#include <algorithm>

namespace sluice {

namespace {

bool takes(const Connector& connector, SinkMode mode) {
  const std::vector<SinkMode> modes = connector.sink_modes();
  return std::find(modes.begin(), modes.end(), mode) != modes.end();
}

bool has_key_option(const Connector& connector) {
  if (connector.sink_options() == nullptr) return false;
  const std::vector<OptionSpec>& specs = connector.sink_options()->specs();
  return std::any_of(specs.begin(), specs.end(),
                     [](const OptionSpec& spec) { return spec.name == "key"; });
}

ConnectorOptions options_of(const Connector& connector) {
  ConnectorOptions options;
  options.name = connector.name();
  options.connection = &connector.connection_options();
  options.source = connector.source_options();
  options.sink = connector.sink_options();
  options.lookup = connector.lookup_options();
  options.source_needs_format = connector.source_uses_format();
  options.sink_needs_format = connector.sink_uses_format();
  options.takes_append = takes(connector, SinkMode::append);
  options.takes_upsert = takes(connector, SinkMode::upsert);
  options.takes_changelog = takes(connector, SinkMode::changelog);
  options.upsert_needs_key = has_key_option(connector);
  options.gives_exactly_once = connector.gives_exactly_once();
  return options;
}

}  // namespace

ConnectorCatalogue make_catalogue(const Registry& registry) {
  ConnectorCatalogue catalogue;
  for (const Connector* connector : registry.connectors().all())
    catalogue.connectors.push_back(options_of(*connector));
  const FormatRegistry& formats = registry.formats();
  std::map<std::string, FormatOptions> by_name;
  for (const std::string& name : formats.input_names()) {
    const Format* format = formats.find_input(name);
    by_name[name].decoder = &format->options();
    by_name[name].is_changelog = format->is_changelog();
    by_name[name].row_paths = format->row_paths();
  }
  for (const std::string& name : formats.output_names())
    by_name[name].encoder = &formats.find_output(name)->options();
  for (auto& [name, options] : by_name) {
    options.name = name;
    catalogue.formats.push_back(std::move(options));
  }
  return catalogue;
}

}  // namespace sluice
