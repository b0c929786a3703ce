#include "plan/inference/lineage.hpp"

#include <map>
#include <set>

#include "plan/inference/state_facts.hpp"
#include "plan/operations/sink.hpp"

namespace sluice {

namespace {

class LineageWriter {
 public:
  LineageWriter(LogicalPlan& plan, const std::string& zone_name)
      : plan_(plan), zone_name_(zone_name), flows_(flows_of(plan)) {}

  void run() {
    name_states();
    write({});
    const std::set<PlanNodeId> alike = states_alike();
    if (!alike.empty()) write(alike);
  }

 private:
  void name_states() {
    std::map<std::string, size_t> numbers;
    for (PlanNode& node : plan_.nodes) {
      if (!node.operation->keeps_state()) continue;
      node.state_id = node.owner + "." + std::string(node.operation->name());
      const size_t number = ++numbers[node.state_id];
      if (number > 1) node.state_id += "_" + std::to_string(number);
    }
  }

  // In the order of the plan, so that what a state reads has its fingerprint.
  void write(const std::set<PlanNodeId>& with_all_filters) {
    for (PlanNode& node : plan_.nodes) {
      StateFacts facts(plan_, node, flows_);
      if (!node.state_id.empty()) {
        node.lineage.facts =
            std::move(facts).of_state(with_all_filters.contains(node.id), zone_name_);
      } else if (const auto* sink = node.as<PlanSink>()) {
        const ChangelogMode& mode = plan_.node(node.inputs.front().node).mode;
        node.lineage.facts = std::move(facts).of_sink(sink->takes_back_rows(mode));
      }
      node.lineage.fingerprint = fingerprint_of(node.lineage.facts);
    }
  }

  // States of one owner and kind that have equal lineage.
  std::set<PlanNodeId> states_alike() const {
    std::map<std::string, PlanNodeId> first;
    std::set<PlanNodeId> alike;
    for (const PlanNode& node : plan_.nodes) {
      if (node.state_id.empty()) continue;
      const std::string known =
          node.owner + " " + std::string(node.operation->name()) + " " + node.lineage.fingerprint;
      const auto [other, is_new] = first.emplace(known, node.id);
      if (!is_new) alike.insert({node.id, other->second});
    }
    return alike;
  }

  LogicalPlan& plan_;
  const std::string& zone_name_;
  const std::vector<Flow> flows_;
};

}  // namespace

void add_lineage(LogicalPlan& plan, const std::string& zone_name) {
  LineageWriter(plan, zone_name).run();
}

}  // namespace sluice
