#include <algorithm>

#include "plan/infer.hpp"
#include "plan/rules/rules.hpp"

namespace sluice {

namespace {

using Kind = ChangelogMode::Kind;
constexpr int64_t margin_us = 3'600'000'000;
constexpr int64_t day_us = 86'400'000'000;

bool same_columns(std::vector<size_t> left, std::vector<size_t> right) {
  std::sort(left.begin(), left.end());
  std::sort(right.begin(), right.end());
  return left == right;
}

// Whether a node understands rows that only replace the one before of their key.
bool takes_upserts(const PlanDraft& draft, const PlanNode& reader, const PlanNode& input) {
  if (const auto* sink = reader.as<PlanSink>()) {
    if (sink->mode == SinkMode::upsert) return same_columns(sink->key, input.mode.key);
    // A changelog has no -U for a corrected window; what a source delivers twice would stand twice
    // in it, and what is replaced elsewhere has to be taken back.
    return maker_of_upserts(draft.plan(), input).as<PlanWindowAggregate>() != nullptr;
  }
  if (const auto* dedup = reader.as<PlanChangelogDedup>()) return dedup->key == input.mode.key;
  const bool hands_on = reader.as<PlanProject>() || reader.as<PlanFilter>();
  return hands_on && reader.mode.kind == Kind::upsert;
}

// How long a window's result may still be corrected after it was first sent, by time of the rows.
int64_t correction_time_us(const PlanWindowAggregate& aggregate) {
  const PlanWindow& window = aggregate.window;
  return window.size_us + (window.calendar_days + 1) * day_us + window.lag_us +
         aggregate.late.accept_us + margin_us;
}

// How long the state keeps a row that a retract edge may still take back; 0: for ever.
int64_t keeping_time_us(const PlanDraft& draft, const PlanNode& node) {
  if (const auto* aggregate = node.as<PlanGroupAggregate>()) return aggregate->ttl_us;
  if (const auto* dedup = node.as<PlanChangelogDedup>()) return dedup->ttl_us;
  return node.inputs.size() == 1 ? keeping_time_us(draft, draft.node(node.inputs.front().node)) : 0;
}

int64_t completion_time_us(const PlanDraft& draft, const PlanNode& maker) {
  if (const auto* source = maker.as<PlanSource>()) return source->ttl_us;
  if (const auto* window = maker.as<PlanWindowAggregate>()) return correction_time_us(*window);
  return keeping_time_us(draft, maker);
}

// The last row of each key is kept, so that a new one can take it back.
PlanNodeId add_completion(PlanDraft& draft, PlanNodeId input) {
  const PlanNode& from = draft.node(input);
  PlanChangelogDedup dedup{.key = from.mode.key, .ops = ChangelogOps::all};
  dedup.ttl_us = completion_time_us(draft, maker_of_upserts(draft.plan(), from));
  return draft.add(draft.reader_of(input, dedup, from.schema));
}

}  // namespace

void complete_upserts(PlanDraft& draft) {
  std::vector<std::optional<PlanNodeId>> completed(draft.size());
  const size_t nodes = draft.size();
  for (size_t i = 0; i < nodes; ++i) {
    const PlanNodeId id(static_cast<uint32_t>(i));
    infer_node(draft.plan(), draft.node(id));
    for (size_t port = 0; port < draft.node(id).inputs.size(); ++port) {
      const PlanNodeId input = draft.node(id).inputs[port].node;
      if (input.value >= nodes || draft.node(input).mode.kind != Kind::upsert) continue;
      if (takes_upserts(draft, draft.node(id), draft.node(input))) continue;
      auto& completion = completed[input.value];
      if (!completion) completion = add_completion(draft, input);
      draft.node(id).inputs[port].node = *completion;
    }
    infer_node(draft.plan(), draft.node(id));
  }
}

}  // namespace sluice
