// What of a wrong pipeline file can still be judged: a problem of a source must not hide those of
// the SQL of steps that do not read it. Pure.
#pragma once

#include <optional>

#include "config/diagnostic.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// The sources, lookups and steps whose meaning the errors so far leave alone, and the sinks they do
// not touch; nothing that reads any other. None when the file as a whole could not be read.
std::optional<PipelineSpec> sound_parts(const PipelineSpec& spec, const Diagnostics& diagnostics);

}  // namespace sluice
