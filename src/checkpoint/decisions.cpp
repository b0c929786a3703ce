#include "checkpoint/decisions.hpp"

#include <algorithm>
#include <utility>

#include "dataflow/lost_marker.hpp"

namespace sluice {

namespace {

MarkerPoint point_of(const Marker& marker) { return {marker.epoch, marker.checksum}; }

std::string epoch_text(Epoch epoch) { return "epoch " + std::to_string(epoch.value); }

Refuse refuse(Refusal reason, ErrorCode code, std::string message, std::string advice = {}) {
  return {reason, Error{code, std::move(message), Retry::never, std::move(advice)}};
}

std::string list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// `twice`: what going on all the same would write again; empty: nothing.
Refuse refuse_target(Refusal reason, const TargetFacts& facts, const std::string& what,
                     const std::string& twice, std::string advice = {}) {
  std::string message = "target " + facts.name + " " + what;
  if (!twice.empty()) {
    message += "; to go on would write a second time " + twice;
    if (!facts.sinks.empty()) message += " by its sinks " + list(facts.sinks);
  }
  if (!facts.marker_place.empty()) message += " (its marker: " + facts.marker_place + ")";
  return refuse(reason, ErrorCode::target_refused, std::move(message), std::move(advice));
}

std::string written_up_to(Epoch epoch) {
  return "what has been written there up to " + epoch_text(epoch);
}

std::string written_after(Epoch epoch) {
  return "what has been written there after " + epoch_text(epoch);
}

// Another folder may have left a marker and no output: of a run that never came to its first epoch.
// It is no other folder's target then, unless this one has published there before, or the other one
// was started since: a restart of this one must not take the target back from it.
bool may_take_over(const TargetFacts& facts) {
  return is_unused(*facts.marker) && (!facts.recorded || *facts.recorded == MarkerPoint{}) &&
         !facts.is_taken_since;
}

Refuse refuse_foreign(const TargetFacts& facts) {
  const std::string identity = ", with identity " + facts.marker->uid;
  if (is_unused(*facts.marker) && facts.is_taken_since) {
    return refuse_target(
        Refusal::foreign_folder, facts,
        "was taken by another state folder" + identity + ", since this pipeline was started", {},
        "stop one of the two; as long as the other has written nothing, a new "
        "start of this one takes the target from it");
  }
  return refuse_target(Refusal::foreign_folder, facts, "belongs to another state folder" + identity,
                       is_unused(*facts.marker) ? "" : written_up_to(facts.marker->epoch),
                       "give the folder that it belongs to; or remove the markers to start afresh");
}

bool is_pending(const SpoolFacts& spool) { return !spool.is_published; }

// Of a target that the pipeline lost: nothing can be asked of it, so all must be known published.
std::variant<size_t, Refuse> decide_missing_target(const TargetFacts& facts) {
  for (const SpoolFacts& spool : facts.spools) {
    if (is_pending(spool) && (!facts.noted || facts.noted->epoch < spool.point.epoch)) {
      return refuse(Refusal::connection_missing, ErrorCode::state_incompatible,
                    "connection " + facts.name + " is gone, but " + epoch_text(spool.point.epoch) +
                        " is not known to be published there: start once with the old file");
    }
  }
  return facts.spools.size();
}

// Of a target that the manifest does not know, or knew as another system.
std::variant<size_t, Refuse> decide_new_target(Epoch newest, const TargetFacts& facts) {
  for (const SpoolFacts& spool : facts.spools) {
    if (is_pending(spool) && (!facts.noted || facts.noted->epoch < spool.point.epoch)) {
      return refuse(Refusal::connection_moved, ErrorCode::state_incompatible,
                    "connection " + facts.name + " leads to another system, but " +
                        epoch_text(spool.point.epoch) +
                        " is not known to be published: start once with the old file");
    }
  }
  if (!facts.marker) return facts.spools.size();
  const MarkerPoint shown = point_of(*facts.marker);
  if (is_unused(*facts.marker)) return facts.spools.size();
  if (shown.epoch > newest || facts.marker->has_begun) {
    return refuse_target(Refusal::folder_older, facts,
                         "shows " + epoch_text(shown.epoch) + ", the state folder ends with " +
                             epoch_text(newest) + ": the folder is older than the target",
                         written_after(newest));
  }
  return refuse_target(
      Refusal::unexpected_marker, facts,
      "shows " + epoch_text(shown.epoch) + " of this state folder, which does not know the target",
      {});
}

Refuse explain_mismatch(Epoch newest, const TargetFacts& facts) {
  const MarkerPoint shown = point_of(*facts.marker);
  if (shown.epoch > newest || facts.marker->has_begun) {
    return refuse_target(Refusal::folder_older, facts,
                         "shows more than the state folder knows, which ends with " +
                             epoch_text(newest) + ": the folder is older than the target",
                         written_after(newest));
  }
  Epoch oldest = facts.recorded->epoch;
  bool is_known_epoch = shown.epoch == facts.recorded->epoch;
  for (const SpoolFacts& spool : facts.spools) {
    oldest = std::min(oldest, spool.after.epoch);
    is_known_epoch |= shown.epoch == spool.point.epoch || shown.epoch == spool.after.epoch;
  }
  if (is_known_epoch) {
    return refuse_target(Refusal::checksum_differs, facts,
                         "shows " + epoch_text(shown.epoch) +
                             " as another state folder of the same origin decided it",
                         "what that folder has written since the two went apart");
  }
  if (shown.epoch < oldest) {
    return refuse_target(Refusal::target_older, facts,
                         "shows " + epoch_text(shown.epoch) +
                             ", but the oldest spool still kept "
                             "follows " +
                             epoch_text(oldest) +
                             ": the target was set back and the epochs between are lost to it",
                         {});
  }
  return refuse_target(Refusal::unexpected_marker, facts,
                       "shows " + epoch_text(shown.epoch) + ", at which it was never left", {});
}

// Which spool follows the marker; none when there is no marker or it fits nowhere. A fresh one of
// another system fits nowhere: that system shows nothing of what was published before.
std::optional<size_t> first_to_publish(const TargetFacts& facts) {
  if (!facts.marker || (facts.is_moved && is_unused(*facts.marker))) return std::nullopt;
  const MarkerPoint shown = point_of(*facts.marker);
  const std::vector<SpoolFacts>& spools = facts.spools;
  std::optional<size_t> first;
  for (size_t i = spools.size(); i-- > 0 && !first;) {
    if (shown == spools[i].point) first = i + 1;
    if (shown == spools[i].after) first = i;
  }
  if (!first && shown == facts.recorded && std::none_of(spools.begin(), spools.end(), is_pending)) {
    first = spools.size();
  }
  // A begun epoch is of a spool that must still follow.
  if (first == spools.size() && facts.marker->has_begun) return std::nullopt;
  return first;
}

// All at once: an edit has often more than one effect.
std::optional<Refuse> find_state_misfit(const std::vector<PlanEffect>& effects) {
  std::string message;
  for (const PlanEffect& effect : effects) {
    if (effect.kind != PlanEffect::Kind::refused) continue;
    message += (message.empty() ? "" : "; and ") + effect.message;
  }
  if (message.empty()) return std::nullopt;
  return refuse(Refusal::state_misfit, ErrorCode::state_incompatible, std::move(message),
                "undo the edit; give a step that was only renamed its former name in `was`; or "
                "start afresh, under another pipeline name or --namespace");
}

// One refusal of all: as the first one, with what every other says.
Refuse joined(const std::vector<Refuse>& refusals) {
  Refuse all = refusals.front();
  for (size_t i = 1; i < refusals.size(); ++i) {
    all.error.message += "; and " + refusals[i].error.message;
    if (all.error.advice.empty()) all.error.advice = refusals[i].error.advice;
  }
  return all;
}

}  // namespace

std::variant<size_t, Refuse> decide_target(std::string_view uid, Epoch newest,
                                           const TargetFacts& facts) {
  if (!facts.is_configured) return decide_missing_target(facts);
  if (facts.marker && facts.marker->uid != uid && !may_take_over(facts))
    return refuse_foreign(facts);
  if (!facts.recorded) return decide_new_target(newest, facts);
  if (const auto first = first_to_publish(facts)) return *first;
  if (facts.is_moved) return decide_new_target(newest, facts);
  if (!facts.marker) {
    return refuse_target(
        Refusal::marker_lost, facts,
        "was written by this pipeline and has lost its marker: its data is gone, or "
        "was put back from before",
        written_up_to(facts.recorded->epoch) + ", as far as it is still there", lost_marker_advice);
  }
  return explain_mismatch(newest, facts);
}

StartDecision decide_start(const StartFacts& facts) {
  const Epoch newest = facts.manifest ? facts.manifest->epoch : Epoch();
  if (facts.manifest) {
    if (facts.manifest->pipeline_id != facts.pipeline_id) {
      return refuse(Refusal::other_pipeline, ErrorCode::state_incompatible,
                    "the state folder belongs to pipeline " + facts.manifest->pipeline_id +
                        ", not to " + facts.pipeline_id,
                    "give the folder its name back, or start with another --state-dir");
    }
    if (auto misfit = find_state_misfit(facts.effects)) return *misfit;
  }
  PublishThenRestore publish;
  std::vector<Refuse> refusals;
  for (const TargetFacts& target : facts.targets) {
    const auto decision = decide_target(facts.uid, newest, target);
    if (const auto* refusal = std::get_if<Refuse>(&decision)) {
      refusals.push_back(*refusal);
      continue;
    }
    const size_t first = std::get<size_t>(decision);
    if (first < target.spools.size()) publish.first_spool[target.name] = first;
  }
  if (!refusals.empty()) return joined(refusals);
  if (!publish.first_spool.empty()) return publish;
  if (facts.manifest) return Restore{};
  return StartFresh{};
}

SpoolDecision decide_spool(const Marker& marker, std::string_view owner, const SpoolFacts& spool) {
  if (marker.owner != owner) {
    return refuse(Refusal::fenced, ErrorCode::fenced,
                  "another process has claimed the target, as owner " + marker.owner);
  }
  if (point_of(marker) == spool.point) return Published{};
  if (point_of(marker) == spool.after) return PublishNow{};
  return refuse(Refusal::unexpected_marker, ErrorCode::target_refused,
                "the target shows " + epoch_text(marker.epoch) + ", neither " +
                    epoch_text(spool.after.epoch) + " nor " + epoch_text(spool.point.epoch));
}

}  // namespace sluice
