// Replaces the ends of a pipeline by the connector `test`: its sources read given rows by the names
// of their columns, its sinks and dead letters collect, and steps that a test looks at get a sink
// of their own. What is between stays as it is. Pure.
#pragma once

#include "spec/pipeline_spec.hpp"
#include "testing/given.hpp"

namespace sluice {

// The sink that collects a step.
std::string sink_of_step(const std::string& step);

PipelineSpec with_stand_ins(const PipelineSpec& spec, const TestSpec& test, const GivenRows& given,
                            const FormatRegistry& formats);

}  // namespace sluice
