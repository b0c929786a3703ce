#include "compile/compile.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "compile/operator_factories.hpp"
#include "dataflow/dead_letter.hpp"
#include "plan/operations/lookup_join.hpp"
#include "plan/operations/sink.hpp"
#include "plan/operations/source.hpp"

namespace sluice {

namespace {

class Compiler {
 public:
  Compiler(const LogicalPlan& plan, const CompileRequest& request)
      : plan_(plan), request_(request) {
    graph_.pipeline = request.pipeline;
  }

  CompileResult compile() {
    add_sources();
    for (const PlanNode& node : plan_.nodes) add_node(node);
    add_dead_letters();
    CompileResult result;
    if (problems_.empty()) result.graph = std::move(graph_);
    result.problems = std::move(problems_);
    return result;
  }

 private:
  // A lookup that several steps use has its problem once.
  void report(const std::string& path, Error error) {
    const bool is_known =
        std::any_of(problems_.begin(), problems_.end(),
                    [&path](const CompileProblem& problem) { return problem.path == path; });
    if (!is_known) problems_.push_back({path, std::move(error)});
  }

  void add_sources() {
    for (const ScanGroup& group : plan_.scan_groups) {
      const std::string& name = plan_.node(group.sources.front()).owner;
      const CompileSource& source = request_.sources.at(name);
      auto description = source.connector->make_source(source.connection, source.options);
      if (description) {
        graph_.sources.push_back({std::move(*description), name, group.identity});
      } else {
        report("sources." + name, std::move(description).error());
      }
    }
  }

  void add_node(const PlanNode& from) {
    StreamNode node;
    const NodeToCompile compiled{plan_, from, request_};
    const bool is_folded = compiled.preaggregates();
    if (is_folded) add_local(compiled);
    node.id = next_id();
    ids_.push_back(node.id);
    node.name = from.owner;
    node.schema = from.schema;
    for (const PlanInput& input : from.inputs) node.inputs.push_back(edge(input));
    if (is_folded) node.inputs.front().from = graph_.nodes.back().id;
    if (fill(compiled, node)) graph_.nodes.push_back(std::move(node));
  }

  // False, and reported, when what stands behind the node cannot be made: there is no graph then.
  bool fill(const NodeToCompile& compiled, StreamNode& node) {
    const PlanNode& from = compiled.node;
    if (const auto* source = from.as<PlanSource>()) {
      node.part = "scan";
      node.node = scan(from, *source);
      return true;
    }
    if (const auto* sink = from.as<PlanSink>()) {
      node.part = "sink";
      std::optional<SinkVertex> vertex = make_sink(from, *sink);
      if (vertex) node.node = std::move(*vertex);
      return vertex.has_value();
    }
    auto description = factories_.make(compiled);
    if (!description) {
      const auto* join = from.as<PlanLookupJoin>();
      report(join ? "lookups." + join->lookup : "steps." + from.owner,
             std::move(description).error());
      return false;
    }
    node.part = part_of(from, **description);
    node.node = OperatorVertex{std::move(*description)};
    return true;
  }

  NodeId next_id() const { return NodeId(static_cast<uint32_t>(graph_.nodes.size())); }

  // What folds rows before they cross the exchange to an aggregate; its columns begin with theirs.
  void add_local(const NodeToCompile& from) {
    OperatorDescriptionPtr description = factories_.make_local(from);
    const std::string& owner = from.node.owner;
    StreamNode node;
    node.id = next_id();
    node.name = owner;
    node.part = part_of(owner, description->label());
    node.schema = description->output_schema();
    node.is_local_half = true;
    node.inputs.push_back({ids_[from.node.inputs.front().node.value], {}, {}});
    node.node = OperatorVertex{std::move(description)};
    graph_.nodes.push_back(std::move(node));
  }

  StreamEdge edge(const PlanInput& input) const {
    const bool is_hash = input.exchange.kind == Exchange::Kind::hash;
    return {ids_[input.node.value],
            is_hash ? StreamEdge::Distribution::hash : StreamEdge::Distribution::forward,
            input.exchange.keys};
  }

  // Operators with state are called as in the plan's state ids; others by their label and a number.
  std::string part_of(const PlanNode& node, const OperatorDescription& description) {
    if (!node.state_id.empty()) {
      const std::string prefix = node.owner + ".";
      return node.state_id.starts_with(prefix) ? node.state_id.substr(prefix.size())
                                               : node.state_id;
    }
    return part_of(node.owner, description.label());
  }

  std::string part_of(const std::string& owner, std::string label) {
    std::replace(label.begin(), label.end(), ' ', '_');
    const size_t number = ++parts_[owner + "/" + label];
    return number == 1 ? label : label + "_" + std::to_string(number);
  }

  ScanVertex scan(const PlanNode& node, const PlanSource& from) const {
    const CompileSource& source = request_.sources.at(node.owner);
    ScanVertex vertex;
    vertex.source_input = from.scan_group;
    vertex.spec = from.scan;
    vertex.format = source.format;
    vertex.format_options = source.format_options;
    vertex.on_error = source.on_error;
    vertex.clock = {from.out_of_order_us, from.max_ahead_us};
    vertex.has_event_time = from.scan.time_origin == TimeOrigin::event_column;
    vertex.idle_after_us = from.idle_after_us == 0 ? INT64_MAX : from.idle_after_us;
    return vertex;
  }

  size_t target_of(const CompileSink& sink) {
    for (size_t i = 0; i < graph_.targets.size(); ++i) {
      if (graph_.targets[i].name == sink.target) return i;
    }
    graph_.targets.push_back({sink.target, sink.connector, sink.connection});
    return graph_.targets.size() - 1;
  }

  // Another sink that writes what `description` must have for itself is a problem, and so is a
  // source that reads it.
  bool take_sole_use(const std::string& path, const SinkDescription& description) {
    const std::optional<SoleUse> use = description.sole_use();
    if (!use || use->among == SoleUse::Among::pipelines) return true;
    for (const SourceInput& source : graph_.sources) {
      if (!source.description->reads(use->what)) continue;
      report(path,
             {ErrorCode::conflicting_fields, use->what + " is read by a source of the pipeline",
              Retry::never, "write another file, in another folder", use->option});
      return false;
    }
    const auto [first, is_new] = sole_uses_.emplace(use->what, path);
    if (is_new) return true;
    report(path, {ErrorCode::duplicate_name, use->what + " is written by " + first->second + " too",
                  Retry::never, "give each its own, or join their rows with UNION ALL in a step",
                  use->option});
    return false;
  }

  std::optional<SinkVertex> make_sink(const PlanNode& node, const PlanSink& from) {
    const CompileSink& sink = request_.sinks.at(node.owner);
    const ChangelogMode& mode = plan_.node(node.inputs.front().node).mode;
    SinkRequest request;
    request.name = node.owner;
    request.schema = node.schema;
    for (const size_t column : from.key) request.key.push_back((*node.schema)[column].name);
    request.mode = from.mode;
    request.connection = &sink.connection;
    request.options = &sink.options;
    request.format = sink.format;
    SinkVertex vertex;
    vertex.target = target_of(sink);
    vertex.description = describe("sinks." + node.owner, sink, request);
    vertex.mode = from.mode;
    vertex.key = from.key;
    vertex.edge_retracts = mode.kind == ChangelogMode::Kind::retract;
    vertex.on_error = sink.on_error;
    if (!vertex.description) return std::nullopt;
    return vertex;
  }

  // Null, and reported, when the connector does not take it.
  std::shared_ptr<const SinkDescription> describe(const std::string& path, const CompileSink& sink,
                                                  const SinkRequest& request) {
    auto description = sink.connector->make_sink(request);
    if (!description) {
      report(path, std::move(description).error());
      return nullptr;
    }
    if (!take_sole_use(path, **description)) return nullptr;
    return std::move(*description);
  }

  void add_dead_letters() {
    if (!request_.dead_letters) return;
    const CompileSink& sink = *request_.dead_letters;
    StreamNode node;
    node.id = next_id();
    node.name = "dead_letter";
    node.part = "sink";
    node.schema = dead_letter_schema();
    SinkRequest request;
    request.name = node.name;
    request.schema = node.schema;
    request.connection = &sink.connection;
    request.options = &sink.options;
    request.format = sink.format;
    SinkVertex vertex;
    vertex.target = target_of(sink);
    vertex.description = describe("errors.dead_letter", sink, request);
    vertex.on_error = RowPolicy::fail;
    node.node = std::move(vertex);
    graph_.dead_letter_sink = node.id;
    graph_.nodes.push_back(std::move(node));
  }

  const LogicalPlan& plan_;
  const CompileRequest& request_;
  const OperatorFactories factories_;
  StreamGraph graph_;
  std::vector<NodeId> ids_;  // by node of the plan
  std::map<std::string, size_t> parts_;
  std::map<std::string, std::string> sole_uses_;  // of which end
  std::vector<CompileProblem> problems_;
};

}  // namespace

CompileResult compile(const LogicalPlan& plan, const CompileRequest& request) {
  return Compiler(plan, request).compile();
}

}  // namespace sluice
