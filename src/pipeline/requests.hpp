// From the typed file to what plan and compile ask for. Pure apart from what connectors allocate.
#pragma once

#include "compile/compile.hpp"
#include "config/diagnostic.hpp"
#include "pipeline/registry.hpp"
#include "plan/plan_request.hpp"
#include "spec/pipeline_spec.hpp"

namespace sluice {

// Whether the file has the connection that the endpoint names, of the kind it needs. True of every
// endpoint of a file without errors.
bool has_connection(const PipelineSpec& spec, const EndpointSpec& endpoint);

// Reports sources whose connector does not take their options, and those that share a stream but
// not the manner of reading it. A source without its connection is a stream of its own.
PlanRequest make_plan_request(const PipelineSpec& spec, const Registry& registry,
                              const TimeZone& zone, Diagnostics& diagnostics);
// Every endpoint has its connection.
CompileRequest make_compile_request(const PipelineSpec& spec, const Registry& registry);

}  // namespace sluice
