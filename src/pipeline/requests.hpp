// From the typed file to what plan and compile ask for. Pure apart from what connectors allocate.
#pragma once

#include "compile/compile.hpp"
#include "config/diagnostic.hpp"
#include "dataflow/connector.hpp"
#include "plan/plan_request.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// Of the relations alone: without sinks, and with every source as a stream of its own.
PlanRequest make_relations_request(const PipelineSpec& spec, const Registry& registry,
                                   const TimeZone& zone);
// Reports sources that share a stream but not the manner of reading it.
PlanRequest make_plan_request(const PipelineSpec& spec, const Registry& registry,
                              const TimeZone& zone, Diagnostics& diagnostics);
CompileRequest make_compile_request(const PipelineSpec& spec, const Registry& registry);

}  // namespace sluice
