#include "plan/operations/source.hpp"

#include "plan/inference/node_view.hpp"
#include "plan/operations/narrow_scan.hpp"
#include "windows/duration_text.hpp"

namespace sluice {

using Kind = ChangelogMode::Kind;

std::string PlanSource::text(const NodeView&) const {
  std::vector<std::string> names;
  std::string hidden;
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    names.push_back(scan.columns[i].name);
    const bool is_hidden = i >= scan.output_columns && !scan.columns[i].is_carried;
    if (is_hidden) hidden += " " + scan.columns[i].name;
  }
  std::string text = "scan group " + std::to_string(scan_group);
  if (has_changes) text += scan.ops == ChangelogOps::all ? " changes" : " inserts";
  if (!hidden.empty()) text += " also reads" + hidden;
  if (!scan.whole_row.empty()) text += " carries whole rows";
  if (scan.predicate) text += " where " + to_string(*scan.predicate, names);
  if (scan.time_origin != TimeOrigin::event_column) return text;
  return text + " event time " + names[scan.event_time_column] + " out of order " +
         duration_text(out_of_order_us);
}

std::vector<ColumnSet> PlanSource::reads(const NodeView&, const ColumnSet&) const { return {}; }

ColumnMapping PlanSource::narrow(Narrowing& narrowing) {
  const ColumnMapping mapping = narrow_scan(scan, narrowing.wanted());
  remap(change_key, mapping);
  return mapping;
}

TimeProperties PlanSource::infer_time(const NodeView&) {
  TimeProperties time;
  const bool has_time =
      scan.time_origin == TimeOrigin::event_column && scan.event_time_column < scan.output_columns;
  if (has_time) time.time_columns = {{scan.event_time_column, 0}};
  return time;
}

ChangeProperties PlanSource::infer_changes(const NodeView&) {
  const bool updates = has_changes && scan.ops == ChangelogOps::all;
  if (!updates) return {};
  return {{Kind::upsert, change_key}, change_key};
}

Placement PlanSource::infer_placement(const NodeView&) const { return {}; }

bool PlanSource::reads_clock() const { return false; }

std::string PlanSource::reason_of_changes(const NodeView& view) const {
  return "source " + view.node().owner + " has updates and deletes";
}

Flow PlanSource::flow(const FlowView& below) const {
  const PlanNode& node = below.node();
  Flow flow;
  flow.sources.insert(node.id);
  std::vector<FlowTerm> scanned;
  for (size_t i = 0; i < scan.columns.size(); ++i) {
    scanned.push_back({node.owner + "." + scan.columns[i].name, {{node.id, i}}});
  }
  if (scan.predicate) {
    add_filters(scan.predicate, scanned, node.mode.kind != Kind::append, flow);
  }
  scanned.resize(scan.output_columns);
  flow.columns = std::move(scanned);
  return flow;
}

std::optional<int64_t> PlanSource::keeping_time_us() const { return ttl_us; }

}  // namespace sluice
