#include "plan/inference/state_facts.hpp"

#include <algorithm>
#include <tuple>

#include "plan/conjuncts.hpp"
#include "plan/operations/source.hpp"
#include "plan/text/scan_text.hpp"

namespace sluice {

void StateFacts::add(std::string aspect, std::string text) {
  facts_.push_back({std::move(aspect), std::move(text)});
}

std::string StateFacts::use(size_t port, size_t column) {
  const FlowTerm& term = input(port).columns[column];
  reads_.insert(term.reads.begin(), term.reads.end());
  return term.text;
}

void StateFacts::add_keys(size_t port, const Columns& keys, const std::string& side) {
  for (const size_t key : keys) add(side + "key", use(port, key));
}

void StateFacts::add_columns(size_t port, const std::string& side) {
  const Schema& schema = *plan_.node(node_.inputs[port].node).schema;
  for (size_t i = 0; i < schema.size(); ++i) {
    add(side + "column", use(port, i) + ":" + type_name(schema[i].type));
  }
}

void StateFacts::add_condition(const ExpressionPtr& condition,
                               const std::vector<FlowTerm>& columns) {
  const size_t first = facts_.size();
  const std::vector<std::string> names = texts_of(columns);
  for (const ExpressionPtr& conjunct : split_conjuncts(condition)) {
    add("on", to_string(*conjunct, names));
  }
  sort_from(first);
}

std::vector<LineageFact> StateFacts::of_state(bool all_filters, const std::string& zone_name) && {
  node_.operation->add_facts(*this);
  for (size_t port = 0; port < node_.inputs.size(); ++port) {
    add_filters(input(port), all_filters);
    add_states(input(port));
  }
  add_sources();
  add("time zone", zone_name);
  return std::move(facts_);
}

std::vector<LineageFact> StateFacts::of_sink(bool takes_back_rows) && {
  add_filters(input(), false);
  const size_t first = facts_.size();
  for (const PlanNodeId state : input().states) {
    const Operation& from = plan_.node(state).operation;
    if (from->sends_kept_rows()) add("what keeps its rows", std::string(from->name()));
  }
  sort_from(first);
  if (takes_back_rows) add_columns(0);
  return std::move(facts_);
}

void StateFacts::add_filters(const Flow& flow, bool all) {
  const size_t first = facts_.size();
  for (const FlowFilter& filter : flow.filters) {
    if (!filter.meets_changes && !all) continue;
    reads_.insert(filter.term.reads.begin(), filter.term.reads.end());
    add("filter", filter.term.text);
  }
  sort_from(first);
}

void StateFacts::add_states(const Flow& flow) {
  const size_t first = facts_.size();
  for (const PlanNodeId id : flow.states) {
    const PlanNode& state = plan_.node(id);
    add(read_state_aspect, std::string(state.operation->name()) + " " + state.lineage.fingerprint);
  }
  sort_from(first);
}

void StateFacts::add_sources() {
  const size_t first = facts_.size();
  std::set<PlanNodeId> sources;
  for (size_t port = 0; port < node_.inputs.size(); ++port) {
    sources.insert(input(port).sources.begin(), input(port).sources.end());
  }
  for (const PlanNodeId id : sources) add_source(plan_.node(id));
  while (!reads_.empty()) {
    const ScannedColumn next = *reads_.begin();
    reads_.erase(reads_.begin());
    if (known_.insert(next).second) add_scanned(next);
  }
  sort_from(first);
}

void StateFacts::add_source(const PlanNode& node) {
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

void StateFacts::add_scanned(const ScannedColumn& place) {
  const PlanNode& node = plan_.node(place.source);
  const ScanSpec& scan = node.as<PlanSource>()->scan;
  add("column " + node.owner + "." + scan.columns[place.column].name,
      scan_text(scan, place.column));
  if (!scan.columns[place.column].computed) return;
  for (const size_t other : columns_of(*scan.columns[place.column].computed)) {
    reads_.insert({place.source, other});
  }
}

void StateFacts::sort_from(size_t first) {
  std::sort(facts_.begin() + static_cast<ptrdiff_t>(first), facts_.end(),
            [](const LineageFact& left, const LineageFact& right) {
              return std::tie(left.aspect, left.text) < std::tie(right.aspect, right.text);
            });
}

}  // namespace sluice
