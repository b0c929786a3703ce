// prepare_pipeline: from a file to a checked plan and stream graph, with every problem reported in
// one run. Touches no network; reads the file, those it includes, and secrets only when values are
// resolved. One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "dataflow/stream_graph.hpp"
#include "env/filesystem.hpp"
#include "pipeline/registry.hpp"
#include "plan/logical_plan.hpp"
#include "spec/load.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

struct PrepareRequest {
  const Registry* registry = nullptr;
  Filesystem* filesystem = nullptr;
  std::function<std::optional<std::string>(const std::string&)> variable;
  bool resolve_values = true;       // see LoadRequest
  uint32_t parallelism = 0;         // slots; 0: as the file says
  bool tests_must_be_right = true;  // see LoadRequest
};

struct PreparedPipeline {
  LoadedPipeline loaded;
  TimeZone zone;
  LogicalPlan plan;
  StreamGraph graph;

  const PipelineSpec& spec() const { return loaded.spec; }
};

// The loaded file is given even when there are errors, for printing them.
struct PrepareResult {
  std::vector<SourceText> files;
  std::string name;  // of the pipeline; empty where the file could not be read so far
  std::unique_ptr<PreparedPipeline> pipeline;  // null when there are errors
};

PrepareResult prepare_pipeline(const std::string& path, const PrepareRequest& request,
                               Diagnostics& diagnostics);
PrepareResult prepare_pipeline_text(const std::string& name, std::string text,
                                    const PrepareRequest& request, Diagnostics& diagnostics);
// From a typed file that has been changed since it was read: the testing room replaces its ends.
std::unique_ptr<PreparedPipeline> prepare_loaded(LoadedPipeline loaded, const Registry& registry,
                                                 Diagnostics& diagnostics);

}  // namespace sluice
