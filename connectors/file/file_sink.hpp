// The sink of files: every change is one line of its file, in the sink's format. Modes upsert
// and changelog put the column `op` first, whatever the rows: +I, +U or -D, and -U in mode
// changelog.
//
// Operation: the line, without its line feed. Definition: "file 1 <path>".
#pragma once

#include <memory>
#include <string>

#include "dataflow/connector.hpp"

namespace sluice::file {

const OptionTable& sink_options();

Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest& request);

// The path in a definition. Error state_version for one of another version or connector.
Result<std::string> parse_definition(std::string_view definition);

}  // namespace sluice::file
