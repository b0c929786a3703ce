// compile: LogicalPlan → StreamGraph: every node of the plan becomes a scan, an operator or a sink,
// made by the operators' factories and the connectors. Pure apart from what connectors allocate;
// touches no network; any thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dataflow/stream_graph.hpp"
#include "operators/lookup_join.hpp"
#include "plan/logical_plan.hpp"

namespace sluice {

// The outside ends of a pipeline, by the names the plan uses. Connectors and formats are borrowed
// from the Registry.
struct CompileSource {
  const Connector* connector = nullptr;
  Options connection;
  Options options;
  const Format* format = nullptr;
  Options format_options;
  RowPolicy on_error = RowPolicy::dead_letter;
};
struct CompileLookup {
  const Connector* connector = nullptr;
  Options connection;
  Options options;
  Schema keys;
  SchemaPtr columns;
  LookupCacheSettings cache;
};
struct CompileSink {
  std::string target;  // name of the connection
  const Connector* connector = nullptr;
  Options connection;
  Options options;
  std::shared_ptr<const OutputFormatUse> format;  // null for connectors without formats
  RowPolicy on_error = RowPolicy::dead_letter;
};

struct CompileRequest {
  std::string pipeline;
  uint32_t parallelism = 1;  // with 1 nothing is aggregated before an exchange, for there is none
  std::map<std::string, CompileSource> sources;
  std::map<std::string, CompileLookup> lookups;
  std::map<std::string, CompileSink> sinks;
  std::optional<CompileSink> dead_letters;
};

// What an end of the pipeline, or the connector behind it, does not take.
struct CompileProblem {
  std::string path;  // sources.NAME, lookups.NAME, sinks.NAME or errors.dead_letter
  Error error;       // its option is one of the end's
};

// The graph, or every problem there is.
struct CompileResult {
  std::optional<StreamGraph> graph;
  std::vector<CompileProblem> problems;
};

CompileResult compile(const LogicalPlan& plan, const CompileRequest& request);

}  // namespace sluice
