// Checks across the sections of a pipeline that need no SQL: names, references, guarantees, unused
// definitions. Pure but for the diagnostics; one thread.
#pragma once

#include "config/connector_options.hpp"
#include "config/diagnostic.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// Connections of endpoints, `from` of sinks, `was` of steps.
void check_references(const PipelineSpec& spec, Diagnostics& diagnostics);

// Relations and columns of tests.
void check_tests(const PipelineSpec& spec, Diagnostics& diagnostics);

// Names are unique among sources, lookups, steps and sinks together.
void check_unique_names(const PipelineSpec& spec, Diagnostics& diagnostics);

// delivery: exactly_once only where every target gives it.
void check_delivery(const PipelineSpec& spec, const ConnectorCatalogue& catalogue,
                    Diagnostics& diagnostics);

// Warns of sources, lookups and steps that neither a sink nor another step mentions. A name counts
// as mentioned when it occurs as a word of the SQL, outside comments.
void warn_of_unused(const PipelineSpec& spec, Diagnostics& diagnostics);

}  // namespace sluice
