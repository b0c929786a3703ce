// `<connector>: {connection: …, options}` and `format:` of sources, sinks, lookups and dead
// letters, checked against what the connector and the format declare. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/spec_reader.hpp"

namespace sluice {

enum class EndpointRole : uint8_t { source, sink, lookup };

// The fields that name a connector, for the table of a section that holds an endpoint.
std::vector<OptionSpec> connector_fields(const ConnectorCatalogue& catalogue);

// `section` is the whole source, sink, lookup or dead_letter; `what` is how messages call it. An
// endpoint without connector when the section names none, several, or one that cannot play the
// role.
EndpointSpec read_endpoint(const Node& section, EndpointRole role, const std::string& what,
                           SpecReader& reader);

// The column names of the option `key`, also those of a template; empty when there are none.
std::vector<std::string> key_columns(const OptionTable& table, const Options& options);

// The `format` of a section whose endpoint is known; reports one that is missing, unknown or not
// taken. `default_type` stands in where the connector needs a format and the section states none;
// empty: it must be stated. The format's `on_error` is left to the source.
std::optional<FormatSpec> read_format(const Node& section, const EndpointSpec& endpoint,
                                      EndpointRole role, const std::string& default_type,
                                      SpecReader& reader);

}  // namespace sluice
