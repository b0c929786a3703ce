// Replaces ${env:X}, ${env:X:-default}, ${env:X:?message} and ${secret:file:PATH} in the scalars of
// `connections`; $${ stands for a literal ${. The result is a new tree: a scalar that took a secret
// in carries it as a Secret and keeps its written text. Everything is borrowed for the call; one
// thread.
#pragma once

#include <vector>

#include "config/diagnostic.hpp"
#include "config/node.hpp"
#include "spec/load.hpp"

namespace sluice {

// `files` holds the text each node stands in, for the places of problems.
Node interpolate(const Node& node, const LoadRequest& request, const std::vector<SourceText>& files,
                 Diagnostics& diagnostics);

// Reports ${env:…} and ${secret:…} in any scalar of a tree where they are not replaced.
void report_interpolation(const Node& node, const std::vector<SourceText>& files,
                          Diagnostics& diagnostics);

}  // namespace sluice
