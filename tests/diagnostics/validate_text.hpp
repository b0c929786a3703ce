// What `sluice validate` says of a pipeline file, offline, with the product's connectors, without
// the summary line. Pure but for reading included files; any thread.
#pragma once

#include <string>

namespace sluice {

// One rendered diagnostic after the other, each ended by a newline; empty for a good file. `folder`
// is where included files are.
std::string validate_text(const std::string& folder, const std::string& text);

}  // namespace sluice
