#include "plan/lineage_facts.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/assert.hpp"
#include "plan/conjuncts.hpp"
#include "plan/flow.hpp"
#include "sql/relation_text.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;
using Names = std::vector<std::string>;

const char* unit_text(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::none:
      return "";
    case TimeUnit::seconds:
      return " unit s";
    case TimeUnit::milliseconds:
      return " unit ms";
    case TimeUnit::microseconds:
      return " unit us";
    case TimeUnit::nanoseconds:
      return " unit ns";
  }
  SLUICE_ASSERT(false, "unknown unit of time");
}

const char* meta_text(MetaColumn meta) {
  switch (meta) {
    case MetaColumn::none:
      return "";
    case MetaColumn::topic:
      return "meta topic";
    case MetaColumn::partition:
      return "meta partition";
    case MetaColumn::offset:
      return "meta offset";
    case MetaColumn::timestamp:
      return "meta timestamp";
    case MetaColumn::key:
      return "meta key";
    case MetaColumn::headers:
      return "meta headers";
  }
  SLUICE_ASSERT(false, "unknown part of a record");
}

// How a source's column is read.
std::string scan_text(const ScanSpec& scan, size_t index) {
  const ScanColumn& column = scan.columns[index];
  std::string text = type_name(column.type) + " ";
  if (column.computed) {
    Names names;
    for (const ScanColumn& other : scan.columns) names.push_back(other.name);
    return text + "= " + to_string(*column.computed, names);
  }
  if (column.meta != MetaColumn::none) return text + meta_text(column.meta);
  text += "from $";
  for (const std::string& key : column.path) text += "." + key;
  return text + unit_text(column.unit);
}

// Gathers the facts of one node.
class Facts {
 public:
  explicit Facts(const FactsRequest& from)
      : plan_(from.plan), node_(from.node), flows_(from.flows) {}

  // With `all_filters`, also those that only records meet.
  std::vector<LineageFact> of_state(bool all_filters, const std::string& zone_name) {
    std::visit([this](const auto& operation) { add_own(operation); }, node_.operation);
    for (size_t port = 0; port < node_.inputs.size(); ++port) {
      add_filters(flow(port), all_filters);
      add_states(flow(port));
    }
    add_sources();
    add("time zone", zone_name);
    return std::move(facts_);
  }

  // Of what reaches a sink beside its rows' plain values: what keeps rows to take them back, and
  // what decides which of them are.
  std::vector<LineageFact> of_sink(const PlanSink& sink) {
    add_filters(flow(0), false);
    const size_t first = facts_.size();
    for (const PlanNodeId state : flow(0).states) {
      const PlanNode& from = plan_.node(state);
      if (from.as<PlanChangelogDedup>() || from.as<PlanLookupJoin>()) {
        add("what keeps its rows", state_kind(from));
      }
    }
    sort_from(first);
    const bool takes_back = plan_.node(node_.inputs[0].node).mode.kind == Kind::retract;
    if (takes_back && sink.mode != SinkMode::upsert) add_columns(0, "");
    return std::move(facts_);
  }

 private:
  const Flow& flow(size_t port) const { return flows_[node_.inputs[port].node.value]; }
  const Schema& schema(size_t port) const { return *plan_.node(node_.inputs[port].node).schema; }

  void add(std::string aspect, std::string text) {
    facts_.push_back({std::move(aspect), std::move(text)});
  }

  // The text of an input's column that the node uses.
  std::string use(size_t port, size_t column) {
    const FlowTerm& term = flow(port).columns[column];
    reads_.insert(term.reads.begin(), term.reads.end());
    return term.text;
  }

  void add_keys(size_t port, const std::vector<size_t>& keys, const std::string& side) {
    for (const size_t key : keys) add(side + "key", use(port, key));
  }

  // All columns of the input, for rows that are kept whole.
  void add_columns(size_t port, const std::string& side) {
    for (size_t i = 0; i < schema(port).size(); ++i) {
      add(side + "column", use(port, i) + ":" + type_name(schema(port)[i].type));
    }
  }

  void add_kind(JoinKind kind) {
    if (kind == JoinKind::left) add("kind", "left join");
  }

  void add_calls(const std::vector<AggregateCall>& calls) {
    const Names names = texts_of(flow(0).columns);
    for (const AggregateCall& call : calls) {
      if (call.argument) use(0, *call.argument);
      if (call.filter) use(0, *call.filter);
      add("call", to_string(call, names) + ":" + type_name(call.result));
    }
  }

  void add_own(const PlanChangelogDedup& dedup) {
    add_keys(0, dedup.key, "");
    if (dedup.ops == ChangelogOps::all) add_columns(0, "");
    if (dedup.version_column) add("version", use(0, *dedup.version_column));
  }

  // A row is taken back as it was sent: what it was sent with is kept, whether it was sent is not,
  // and follows from the kind and the condition. All columns of the input are in use already.
  void add_own(const PlanLookupJoin& join) {
    add_keys(0, join.state_key, "");
    add_columns(0, "");
    add("lookup", join.lookup + " " + join.lookup_columns->to_string());
    add_kind(join.kind);
    if (join.residual) add_condition(join.residual, with_looked_up(flow(0).columns, join));
    add("rows", join.state_key_is_unique ? "one of each key" : "counted");
  }

  void add_own(const PlanIntervalJoin& join) {
    add_side(join.left, 0, "left ");
    add_side(join.right, 1, "right ");
    add("bounds", duration_text(join.lower_us) + " to " + duration_text(join.upper_us));
    add_kind(join.kind);
  }

  void add_side(const PlanJoinSide& from, size_t port, const std::string& side) {
    add_keys(port, from.keys, side);
    add(side + "time", use(port, from.time_column));
    add_columns(port, side);
  }

  void add_own(const PlanWindowAggregate& aggregate) {
    add("window", window_text(aggregate.window, use(0, aggregate.window.time_column)));
    for (const PlanWindowKey& key : aggregate.keys) {
      if (key.role == PlanWindowKey::Role::column) add("key", use(0, key.column));
    }
    add_calls(aggregate.calls);
  }

  void add_own(const PlanGroupAggregate& aggregate) {
    add_keys(0, aggregate.keys, "");
    add_calls(aggregate.calls);
    add("input", aggregate.input_retracts ? "rows that are taken back" : "rows that stay");
  }

  template <class Operation>
  void add_own(const Operation&) {}

  // The order of what AND joins means nothing.
  void add_condition(const ExpressionPtr& condition, const std::vector<FlowTerm>& columns) {
    const size_t first = facts_.size();
    const Names names = texts_of(columns);
    for (const ExpressionPtr& conjunct : split_conjuncts(condition)) {
      add("on", to_string(*conjunct, names));
    }
    sort_from(first);
  }

  void add_filters(const Flow& flow, bool all) {
    const size_t first = facts_.size();
    for (const FlowFilter& filter : flow.filters) {
      if (!filter.meets_changes && !all) continue;
      reads_.insert(filter.term.reads.begin(), filter.term.reads.end());
      add("filter", filter.term.text);
    }
    sort_from(first);
  }

  // The order of nodes follows that of the file, which means nothing.
  void sort_from(size_t first) {
    std::sort(facts_.begin() + static_cast<ptrdiff_t>(first), facts_.end(),
              [](const LineageFact& left, const LineageFact& right) {
                return std::tie(left.aspect, left.text) < std::tie(right.aspect, right.text);
              });
  }

  void add_states(const Flow& flow) {
    const size_t first = facts_.size();
    for (const PlanNodeId id : flow.states) {
      const PlanNode& state = plan_.node(id);
      add(read_state_aspect, state_kind(state) + " " + state.lineage.fingerprint);
    }
    sort_from(first);
  }

  // How the sources are read that rows come from, and of their columns those in use.
  void add_sources() {
    const size_t first = facts_.size();
    std::set<PlanNodeId> sources;
    for (size_t port = 0; port < node_.inputs.size(); ++port) {
      sources.insert(flow(port).sources.begin(), flow(port).sources.end());
    }
    for (const PlanNodeId id : sources) add_source(plan_.node(id));
    while (!reads_.empty()) {
      const ScannedColumn next = *reads_.begin();
      reads_.erase(reads_.begin());
      if (known_.insert(next).second) add_scanned(next);
    }
    sort_from(first);
  }

  void add_source(const PlanNode& node) {
    const auto& source = *node.as<PlanSource>();
    const std::string of = " of " + node.owner;
    add("source", node.owner);
    add("stream" + of, plan_.scan_groups[source.scan_group].identity);
    add("format" + of, source.format);
    if (source.has_changes) {
      add("changes" + of, source.scan.ops == ChangelogOps::all ? "all" : "inserts");
    }
    for (const size_t column : source.change_key) {
      add("key of changes" + of, source.scan.columns[column].name);
      reads_.insert({node.id, column});
    }
    if (source.scan.time_origin != TimeOrigin::event_column) return;
    add("event time" + of, source.scan.columns[source.scan.event_time_column].name);
    reads_.insert({node.id, source.scan.event_time_column});
  }

  void add_scanned(const ScannedColumn& place) {
    const PlanNode& node = plan_.node(place.source);
    const ScanSpec& scan = node.as<PlanSource>()->scan;
    add("column " + node.owner + "." + scan.columns[place.column].name,
        scan_text(scan, place.column));
    if (!scan.columns[place.column].computed) return;
    for (const size_t other : columns_of(*scan.columns[place.column].computed)) {
      reads_.insert({place.source, other});
    }
  }

  const LogicalPlan& plan_;
  const PlanNode& node_;
  const std::vector<Flow>& flows_;
  std::vector<LineageFact> facts_;
  ScannedColumns reads_;
  ScannedColumns known_;
};

}  // namespace

std::vector<LineageFact> facts_of_state(const FactsRequest& request, bool all_filters,
                                        const std::string& zone_name) {
  return Facts(request).of_state(all_filters, zone_name);
}

std::vector<LineageFact> facts_of_sink(const FactsRequest& request) {
  return Facts(request).of_sink(*request.node.as<PlanSink>());
}

}  // namespace sluice
