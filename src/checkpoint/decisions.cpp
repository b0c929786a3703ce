#include "checkpoint/decisions.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "dataflow/lost_marker.hpp"
#include "dataflow/marker_claim.hpp"

namespace sluice {

namespace {

MarkerPoint point_of(const Marker& marker) { return {marker.epoch, marker.checksum}; }

std::string epoch_text(Epoch epoch) { return "epoch " + std::to_string(epoch.value); }

Refuse refuse(Refusal reason, ErrorCode code, std::string message, std::string advice = {}) {
  return {reason, Error{code, std::move(message), Retry::never, std::move(advice)}};
}

Refuse refuse_target(Refusal reason, const TargetFacts& facts, const std::string& what,
                     std::string advice = {}) {
  return refuse(reason, ErrorCode::target_refused, "target " + facts.name + " " + what,
                std::move(advice));
}

// Another folder may have left a marker and no output: of a run that never came to its first epoch.
// It is no other folder's target then, unless this one has published there before.
bool may_take_over(const TargetFacts& facts) {
  return is_unused(*facts.marker) && (!facts.recorded || *facts.recorded == MarkerPoint{});
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
  if (shown.epoch > newest || facts.marker->operations_done > 0) {
    return refuse_target(Refusal::folder_older, facts,
                         "shows " + epoch_text(shown.epoch) + ", the state folder ends with " +
                             epoch_text(newest) + ": the folder is older than the target");
  }
  return refuse_target(
      Refusal::unexpected_marker, facts,
      "shows " + epoch_text(shown.epoch) + " of this state folder, which does not know the target");
}

Refuse explain_mismatch(Epoch newest, const TargetFacts& facts) {
  const MarkerPoint shown = point_of(*facts.marker);
  if (shown.epoch > newest || facts.marker->operations_done > 0) {
    return refuse_target(Refusal::folder_older, facts,
                         "shows more than the state folder knows, which ends with " +
                             epoch_text(newest) + ": the folder is older than the target");
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
                             " as another state folder of the same origin decided it");
  }
  if (shown.epoch < oldest) {
    return refuse_target(Refusal::target_older, facts,
                         "shows " + epoch_text(shown.epoch) +
                             ", but the oldest spool still kept "
                             "follows " +
                             epoch_text(oldest) +
                             ": the target was set back and the epochs between are lost to it");
  }
  return refuse_target(Refusal::unexpected_marker, facts,
                       "shows " + epoch_text(shown.epoch) + ", at which it was never left");
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
  // Begun operations are of a spool that must still follow.
  if (first == spools.size() && facts.marker->operations_done > 0) return std::nullopt;
  return first;
}

std::string explain_other_form(const std::string& saved, const std::string& current) {
  const size_t mark = saved.rfind(zone_mark);
  const bool differs_in_zone = mark != std::string::npos &&
                               current.compare(0, current.rfind(zone_mark), saved, 0, mark) == 0;
  if (!differs_in_zone) return " was written by another form of the step";
  return " was computed in the time zone " + saved.substr(mark + std::strlen(zone_mark)) +
         ", which settings.timezone must stay";
}

std::optional<Refuse> find_state_misfit(const StartFacts& facts) {
  const auto& all_saved = facts.manifest->state_fingerprints;
  const auto renamed = renamed_states(all_saved, facts.former_state_ids);
  for (const auto& [state_id, saved] : all_saved) {
    const auto renaming = renamed.find(state_id);
    const auto current =
        facts.state_fingerprints.find(renaming == renamed.end() ? state_id : renaming->second);
    if (current != facts.state_fingerprints.end() && current->second == saved) continue;
    const bool is_gone = current == facts.state_fingerprints.end();
    return refuse(Refusal::state_misfit, ErrorCode::state_incompatible,
                  "the saved state of step " + state_id +
                      (is_gone ? " belongs to no step of the pipeline any more"
                               : explain_other_form(saved, current->second)),
                  "undo the edit; give a step that was only renamed its former name in `was`; or "
                  "start afresh, under another pipeline name or --namespace");
  }
  return std::nullopt;
}

}  // namespace

std::map<std::string, std::string, std::less<>> renamed_states(
    const std::map<std::string, std::string>& saved_fingerprints,
    const std::map<std::string, std::string>& former_state_ids) {
  std::map<std::string, std::string, std::less<>> renamed;
  for (const auto& [present, former] : former_state_ids) {
    if (saved_fingerprints.contains(former) && !saved_fingerprints.contains(present)) {
      renamed[former] = present;
    }
  }
  return renamed;
}

std::variant<size_t, Refuse> decide_target(std::string_view uid, Epoch newest,
                                           const TargetFacts& facts) {
  if (!facts.is_configured) return decide_missing_target(facts);
  if (facts.marker && facts.marker->uid != uid && !may_take_over(facts)) {
    return refuse_target(Refusal::foreign_folder, facts,
                         "belongs to another state folder, with identity " + facts.marker->uid,
                         "give the folder that it belongs to; or remove the marker to start "
                         "afresh");
  }
  if (!facts.recorded) return decide_new_target(newest, facts);
  if (const auto first = first_to_publish(facts)) return *first;
  if (facts.is_moved) return decide_new_target(newest, facts);
  if (!facts.marker) {
    return refuse_target(
        Refusal::marker_lost, facts,
        "was written by this pipeline and has lost its marker: its data is gone, or "
        "was put back from before",
        lost_marker_advice);
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
    if (auto misfit = find_state_misfit(facts)) return *misfit;
  }
  PublishThenRestore publish;
  for (const TargetFacts& target : facts.targets) {
    const auto decision = decide_target(facts.uid, newest, target);
    if (const auto* refusal = std::get_if<Refuse>(&decision)) return *refusal;
    const size_t first = std::get<size_t>(decision);
    if (first < target.spools.size()) publish.first_spool[target.name] = first;
  }
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
