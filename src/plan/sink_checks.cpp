#include "plan/sink_checks.hpp"

#include <algorithm>

#include "plan/infer.hpp"

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

bool contains_all(const std::vector<size_t>& all, const std::vector<size_t>& some) {
  return std::all_of(some.begin(), some.end(), [&](size_t column) {
    return std::find(all.begin(), all.end(), column) != all.end();
  });
}

// Why the rows of a node change after they were sent: looks down to the first node that does it.
std::string reason_of_changes(const PlanDraft& draft, const PlanNode& node) {
  if (const auto* aggregate = node.as<PlanWindowAggregate>()) {
    if (aggregate->emit_every_us > 0) return "step " + node.owner + " emits running values";
    if (aggregate->late.stated_accept_us > 0) {
      return "step " + node.owner + " corrects its windows for late rows (late.accept)";
    }
    return "step " + node.owner + " counts late rows that a step before it accepts (late.accept)";
  }
  if (node.as<PlanGroupAggregate>()) {
    return "step " + node.owner + " groups without a window, so that its results change";
  }
  for (const PlanInput& input : node.inputs) {
    const PlanNode& below = draft.node(input.node);
    if (below.mode.kind != Kind::append) return reason_of_changes(draft, below);
  }
  return "source " + node.owner + " has updates and deletes";
}

// What to do about rows that have lost the key that a node below still had.
std::string advice_for_lost_key(const PlanDraft& draft, const PlanNode& node) {
  if (node.as<PlanGroupAggregate>()) return "select the key of its GROUP BY, too";
  if (node.as<PlanUnion>()) return "group the rows of the UNION ALL by a key";
  if (node.unique_key) {
    return "select the key " + names_of(node, *node.unique_key) + " of " + node.owner + ", too";
  }
  return advice_for_lost_key(draft, draft.node(node.inputs.front().node));
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
    const bool retracts = input_.mode.kind == Kind::retract ||
                          (updates && (sink_.key.size() != input_.mode.key.size() ||
                                       maker_of_upserts(draft_.plan(), input_).as<PlanProject>()));
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
