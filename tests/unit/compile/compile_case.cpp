#include "unit/compile/compile_case.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <sstream>

#include "compile/compile.hpp"
#include "plan/planner.hpp"
#include "support/plan_case.hpp"

namespace sluice::test {

namespace {

constexpr std::string_view file_prefix = "file_";

class FakeSource final : public SourceDescription {
 public:
  explicit FakeSource(std::string name) : name_(std::move(name)) {}
  std::string identity() const override { return name_; }
  std::string manner() const override { return {}; }
  bool is_bounded() const override { return true; }
  Result<std::vector<std::shared_ptr<const Origin>>> discover(const Environment&) const override {
    return std::vector<std::shared_ptr<const Origin>>{};
  }
  bool reads(std::string_view what) const override { return what == name_; }
  std::unique_ptr<Source> create() const override { return nullptr; }

 private:
  std::string name_;
};

class FakeSink final : public SinkDescription {
 public:
  explicit FakeSink(std::string file) : file_(std::move(file)) {}
  std::string definition() const override { return file_; }
  std::string place() const override { return file_; }
  std::optional<SoleUse> sole_use() const override {
    return file_.empty() ? std::nullopt : std::optional(SoleUse{file_, "path"});
  }
  Result<std::unique_ptr<Sink>> create() const override { return std::unique_ptr<Sink>(); }

 private:
  std::string file_;
};

class FakeLookup final : public LookupDescription {
 public:
  explicit FakeLookup(const LookupRequest& request)
      : keys_(std::make_shared<Schema>(request.keys)), values_(request.columns) {}
  SchemaPtr key_schema() const override { return keys_; }
  SchemaPtr value_schema() const override { return values_; }
  std::unique_ptr<Lookup> create() const override { return nullptr; }

 private:
  SchemaPtr keys_;
  SchemaPtr values_;
};

// Of one end of a pipeline. The file that it stands for: `file_NAME` up to a dot, so that several
// ends may name one.
class FakeConnector final : public Connector {
 public:
  explicit FakeConnector(std::string end) : end_(std::move(end)) {}
  std::string name() const override { return "fake"; }
  const OptionTable& connection_options() const override { return no_options_; }
  Result<std::unique_ptr<SourceDescription>> make_source(const Options&,
                                                         const Options&) const override {
    SLUICE_TRY(check());
    return std::make_unique<FakeSource>(file());
  }
  Result<std::unique_ptr<SinkDescription>> make_sink(const SinkRequest&) const override {
    SLUICE_TRY(check());
    return std::make_unique<FakeSink>(file());
  }
  Result<std::unique_ptr<LookupDescription>> make_lookup(
      const LookupRequest& request) const override {
    SLUICE_TRY(check());
    return std::make_unique<FakeLookup>(request);
  }

 private:
  Status check() const {
    if (!end_.starts_with("bad_")) return {};
    return fail(ErrorCode::invalid_value, end_ + " is refused");
  }
  std::string file() const {
    if (!end_.starts_with(file_prefix)) return {};
    const size_t begin = file_prefix.size();
    return "file " + end_.substr(begin, end_.find('_', begin) - begin);
  }

  const std::string end_;
  const OptionTable no_options_{std::vector<OptionSpec>{}};
};

// The ends of a plan's request, with a connector each.
class Ends {
 public:
  Ends(const std::string& input, const PlanRequest& plan) {
    request_.pipeline = "p";
    std::istringstream lines(input);
    for (std::string line; std::getline(lines, line);) read(line);
    for (const SourceSettings& source : plan.sources)
      request_.sources[source.name].connector = connector(source.name);
    for (const LookupSettings& lookup : plan.lookups) {
      CompileLookup& made = request_.lookups[lookup.name];
      made.connector = connector(lookup.name);
      made.keys = lookup.keys;
      made.columns = lookup.columns;
    }
  }
  const CompileRequest& request() const { return request_; }

 private:
  const Connector* connector(const std::string& end) { return &connectors_.emplace_back(end); }

  CompileSink sink(const std::string& name, const std::string& target) {
    CompileSink made;
    made.target = target;
    made.connector = connector(name);
    return made;
  }

  void read(const std::string& line) {
    std::istringstream words(line);
    std::string kind;
    std::string name;
    words >> kind >> name;
    if (kind == "parallelism") request_.parallelism = static_cast<uint32_t>(std::stoul(name));
    if (line == "dead letters") request_.dead_letters = sink("dead_letter", "t");
    if (kind != "sink") return;
    constexpr std::string_view option = "target=";
    std::string target = "t";
    for (std::string word; words >> word;) {
      if (word.starts_with(option)) target = word.substr(option.size());
    }
    request_.sinks[name] = sink(name, target);
  }

  std::deque<FakeConnector> connectors_;
  CompileRequest request_;
};

std::string columns_text(const Schema& schema, const std::vector<size_t>& columns) {
  std::string text;
  for (const size_t column : columns) text += (text.empty() ? "" : ", ") + schema[column].name;
  return "[" + text + "]";
}

const char* mode_text(SinkMode mode) {
  constexpr const char* texts[] = {"append", "upsert", "changelog"};
  return texts[static_cast<size_t>(mode)];
}

std::string vertex_text(const StreamNode& node) {
  if (const auto* scan = std::get_if<ScanVertex>(&node.node)) {
    return "scan of source " + std::to_string(scan->source_input) +
           (scan->has_event_time ? ", event time" : "");
  }
  if (const auto* operation = std::get_if<OperatorVertex>(&node.node))
    return operation->description->label() + (node.is_local_half ? ", local half" : "");
  const auto& sink = std::get<SinkVertex>(node.node);
  std::string text =
      std::string(mode_text(sink.mode)) + " to target " + std::to_string(sink.target);
  if (sink.mode == SinkMode::upsert) text += " by " + columns_text(*node.schema, sink.key);
  return text + (sink.edge_retracts ? ", of rows that are taken back" : "");
}

std::string graph_text(const StreamGraph& graph) {
  std::string text;
  for (size_t i = 0; i < graph.sources.size(); ++i)
    text += "source " + std::to_string(i) + ": " + graph.sources[i].name + "\n";
  for (size_t i = 0; i < graph.targets.size(); ++i)
    text += "target " + std::to_string(i) + ": " + graph.targets[i].name + "\n";
  for (const StreamNode& node : graph.nodes) {
    EXPECT_EQ(&graph.nodes[node.id.value], &node) << "a node's id is its index";
    text += std::to_string(node.id.value) + " " + StreamGraph::state_id(node) + ": " +
            vertex_text(node);
    for (const StreamEdge& edge : node.inputs) {
      EXPECT_LT(edge.from.value, node.id.value) << "inputs come before users";
      text += " <- " + std::to_string(edge.from.value);
      if (edge.distribution == StreamEdge::Distribution::hash)
        text += " hash" + columns_text(*graph.nodes[edge.from.value].schema, edge.hash_columns);
    }
    text += graph.dead_letter_sink == node.id ? ", dead letters\n" : "\n";
  }
  return text;
}

}  // namespace

std::string compile_case_text(const std::string& input) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  const PlanRequest request = read_plan_case(input, functions);
  const PlanResult planned = build_plan(request);
  for (const PlanProblem& problem : planned.problems) ADD_FAILURE() << input << problem.message;
  if (!planned.plan) return {};
  const Ends ends(input, request);
  const CompileResult compiled = compile(*planned.plan, ends.request());
  std::string text;
  for (const CompileProblem& problem : compiled.problems) {
    text += std::string(error_code_text(problem.error.code)) + " at " + problem.path + ": " +
            problem.error.message + "\n";
  }
  EXPECT_EQ(compiled.graph.has_value(), compiled.problems.empty());
  return text + (compiled.graph ? graph_text(*compiled.graph) : "");
}

}  // namespace sluice::test
