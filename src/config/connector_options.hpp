// ConnectorCatalogue: what the reader of pipeline files must know of connectors and formats: their
// options, and what they can do. Filled once at start from the registered connectors; option tables
// are borrowed and outlive it. Read-only afterwards.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/option_spec.hpp"

namespace sluice {

struct ConnectorOptions {
  std::string name;                         // kafka
  const OptionTable* connection = nullptr;  // of `connections:` beside `type`
  // Of `<name>: {…}` in a source, sink or lookup beside `connection`, which the tables do not
  // declare; null: not offered.
  const OptionTable* source = nullptr;
  const OptionTable* sink = nullptr;
  const OptionTable* lookup = nullptr;
  bool source_needs_format = false;  // else `format:` is refused
  bool sink_needs_format = false;
  // The modes its sinks take.
  bool takes_append = true;
  bool takes_upsert = false;
  bool takes_changelog = false;
  // Whether mode upsert needs the option `key` (a text_list or text_template) of its sinks.
  bool upsert_needs_key = true;
  bool gives_exactly_once = false;  // as a target
};

struct FormatOptions {
  std::string name;  // canal_json
  // Of `format: {type: name, …}` beside `on_error`, which the tables do not declare; null: not
  // offered.
  const OptionTable* decoder = nullptr;
  const OptionTable* encoder = nullptr;
  bool is_changelog = false;  // its records may be updates and deletes
  // Where its records hold their rows, as keys from the document down.
  std::vector<std::vector<std::string>> row_paths;
};

struct ConnectorCatalogue {
  std::vector<ConnectorOptions> connectors;
  std::vector<FormatOptions> formats;

  // Null when there is none of that name.
  const ConnectorOptions* find_connector(std::string_view name) const;
  const FormatOptions* find_format(std::string_view name) const;
};

}  // namespace sluice
