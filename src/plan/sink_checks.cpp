#include "plan/sink_checks.hpp"

#include "base/assert.hpp"
#include "plan/inference/hand_on.hpp"
#include "plan/inference/infer.hpp"
#include "plan/operations/sink.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;

std::string names_of(const PlanNode& node, const std::vector<size_t>& columns) {
  std::string names;
  for (const size_t column : columns) {
    names += (names.empty() ? "" : ", ") + (*node.schema)[column].name;
  }
  return "[" + names + "]";
}

// Why the rows of a node change after they were sent: looks down to the first node that does it.
std::string reason_of_changes(const PlanDraft& draft, const PlanNode& node) {
  const std::string reason = node.operation->reason_of_changes(NodeView(draft.plan(), node));
  if (!reason.empty()) return reason;
  for (const PlanInput& input : node.inputs) {
    const PlanNode& below = draft.node(input.node);
    if (below.mode.kind != Kind::append) return reason_of_changes(draft, below);
  }
  SLUICE_ASSERT(false, "rows that change without a reason");
}

// What to do about rows that have lost the key that a node below still had.
std::string advice_for_lost_key(const PlanDraft& draft, const PlanNode& node) {
  if (node.unique_key) {
    return "select the key " + names_of(node, *node.unique_key) + " of " + node.owner + ", too";
  }
  if (node.inputs.size() != 1) return "group the rows of " + node.owner + " by a key";
  return advice_for_lost_key(draft, draft.node(node.inputs.front().node));
}

// Retractions that a projection turned into upserts.
bool were_retractions(const PlanDraft& draft, const PlanNode& maker) {
  return !maker.inputs.empty() && draft.node(maker.inputs.front().node).mode.kind == Kind::retract;
}

class SinkCheck {
 public:
  SinkCheck(const PlanRequest& request, const PlanDraft& draft, const SinkSettings& settings,
            const PlanNode& node, PlanProblems& problems)
      : request_(request),
        draft_(draft),
        settings_(settings),
        sink_(*node.as<PlanSink>()),
        input_(draft.node(node.inputs.front().node)),
        problems_(problems) {}

  void run() {
    const bool updates = input_.mode.kind != Kind::append;
    if (sink_.mode == SinkMode::append && updates) return report_updates();
    if (sink_.mode != SinkMode::upsert) return;
    const auto& unique = input_.unique_key;
    if (updates && !unique) return report_no_key();
    if (unique && !contains_all(sink_.key, *unique)) return report_key(*unique);
    // Upserts of a key that is a part of the sink's are completed to retractions; those of a
    // projection were retractions.
    const bool retracts =
        input_.mode.kind == Kind::retract ||
        (updates && (sink_.key.size() != input_.mode.key.size() ||
                     were_retractions(draft_, maker_of_upserts(draft_.plan(), input_))));
    if (retracts && !request_.exactly_once) report_netting();
  }

 private:
  std::string mode_path() const { return "sinks." + settings_.name + ".mode"; }

  void report_updates() {
    const std::string reason = reason_of_changes(draft_, input_);
    const std::string key =
        input_.unique_key ? " and key " + names_of(input_, *input_.unique_key) : "";
    problems_.error(ErrorCode::sink_mode_mismatch, mode_path(),
                    "mode append takes only new rows, but " + reason, "use mode upsert" + key);
  }
  void report_no_key() {
    problems_.error(
        ErrorCode::sink_key_mismatch, settings_.key_path,
        "the rows of \"" + settings_.from + "\" change, and no column of theirs tells them apart",
        advice_for_lost_key(draft_, input_));
  }
  void report_key(const std::vector<size_t>& unique) {
    const std::string expected = names_of(input_, unique);
    problems_.error(ErrorCode::sink_key_mismatch, settings_.key_path,
                    "the rows of \"" + settings_.from + "\" are told apart by " + expected +
                        ": with the key " + names_of(input_, sink_.key) +
                        " they would overwrite each other",
                    "use key " + expected);
  }
  void report_netting() {
    problems_.error(ErrorCode::sink_mode_mismatch, mode_path(),
                    "delivery at_least_once writes each change as it comes, but " +
                        reason_of_changes(draft_, input_),
                    "use delivery exactly_once, which nets the changes of an epoch");
  }

  const PlanRequest& request_;
  const PlanDraft& draft_;
  const SinkSettings& settings_;
  const PlanSink& sink_;
  const PlanNode& input_;
  PlanProblems& problems_;
};

}  // namespace

void check_sinks(const PlanRequest& request, const PlanDraft& draft, PlanProblems& problems) {
  for (const PlanNode& node : draft.plan().nodes) {
    if (!node.as<PlanSink>()) continue;
    for (const SinkSettings& settings : request.sinks) {
      if (settings.name != node.owner) continue;
      SinkCheck(request, draft, settings, node, problems).run();
    }
  }
}

}  // namespace sluice
