// C3 to C5 of the coordinator: from all tasks' parts to a decided checkpoint.
#include <algorithm>
#include <set>
#include <utility>

#include "base/assert.hpp"
#include "checkpoint/checkpoint_files.hpp"
#include "checkpoint/folder_coordinator.hpp"
#include "env/metrics.hpp"

namespace sluice {

namespace {

// What was read of a source that left the pipeline is remembered, for it may come back: it must not
// begin anew then. And a scan that has issued no watermark since the start still stands where it
// did.
void keep_progress(const SavedProgress& before, SavedProgress& next) {
  std::set<std::string> present;
  for (const SavedSplit& split : next.splits) present.insert(split.source);
  for (const SavedSplit& split : before.splits) {
    if (!present.contains(split.source)) next.splits.push_back(split);
  }
  for (const auto& [scan, before_us] : before.issued_watermarks) {
    int64_t& next_us = next.issued_watermarks.try_emplace(scan, before_us).first->second;
    next_us = std::max(next_us, before_us);
  }
}

}  // namespace

Status FolderCoordinator::complete(std::vector<TaskPart> parts, const SavedProgress& progress,
                                   bool closes) {
  if (broken_) return fail(*broken_);
  SLUICE_ASSERT(in_flight_.has_value(), "there is no checkpoint to complete");
  for (const TaskPart& part : parts) {
    SLUICE_ASSERT(part.epoch == *in_flight_, "a part of another epoch");
    SLUICE_ASSERT(part.state.kind() == snapshot_kind_, "a snapshot of another kind");
  }
  Status decided = decide(draft(progress, closes), parts);
  if (!decided) {
    broken_ = decided.error();
    checkpoints("failed").add();
    return decided;
  }
  in_flight_.reset();
  must_be_full_ = false;
  abandoned_in_row_ = 0;
  checkpoints("completed").add();
  return {};
}

Manifest FolderCoordinator::draft(const SavedProgress& progress, bool closes) const {
  Manifest manifest;
  manifest.epoch = *in_flight_;
  manifest.uid = contents_.uid;
  manifest.pipeline_id = settings_.pipeline_id;
  manifest.plan = settings_.plan;
  manifest.progress = progress;
  manifest.is_closed = closes;
  if (contents_.newest) {
    const Manifest& newest = contents_.newest->manifest;
    manifest.previous = newest.epoch;
    manifest.state_files = newest.state_files;
    manifest.targets = newest.targets;
    keep_progress(newest.progress, manifest.progress);
  }
  // A target that left the pipeline is remembered, for it may come back.
  for (auto& [name, target] : manifest.targets) {
    const auto noted = contents_.note.find(name);
    if (noted != contents_.note.end() && noted->second.epoch > target.published.epoch) {
      target.published = noted->second;
    }
  }
  for (const Target& target : targets_) {
    if (!target.started.queue) continue;
    ManifestTarget& entry = manifest.targets[target.started.name];
    entry.identity = target.started.identity;
    entry.published = target.started.queue->progress().published;
    if (target.taken_in <= manifest.epoch) entry.rejects_folded = target.rejects_taken;
  }
  return manifest;
}

// Of the spools that the newest manifest lists, those that the next one must list: not known to be
// published, or to be retained. What is published is taken from the next manifest itself, not asked
// again: a spool published in between would be missing beside a marker that is still before it.
std::vector<KeptSpool> FolderCoordinator::spools_still_kept(const Manifest& next) const {
  std::vector<KeptSpool> kept;
  for (const Target& target : targets_) {
    if (!target.started.queue) continue;
    const Epoch published = next.targets.at(target.started.name).published.epoch;
    std::vector<KeptSpool> of_target;
    for (const KeptSpool& spool : contents_.spools) {
      if (spool.entry.target == target.started.name) of_target.push_back(spool);
    }
    uint32_t retained = 0;
    const auto first = std::find_if(of_target.rbegin(), of_target.rend(), [&](KeptSpool& spool) {
      spool.entry.is_published = spool.entry.epoch <= published;
      return spool.entry.is_published && retained++ == settings_.retain_spools;
    });
    kept.insert(kept.end(), first.base(), of_target.end());
  }
  return kept;
}

Status FolderCoordinator::flush_targets() {
  for (Target& target : targets_) {
    const std::lock_guard lock(*target.write_through);
    SLUICE_TRY(target.started.publisher().flush());
  }
  return {};
}

Result<std::vector<KeptSpool>> FolderCoordinator::close_spools(Epoch epoch) {
  std::vector<KeptSpool> closed;
  for (size_t i = 0; i < targets_.size(); ++i) {
    SLUICE_ASSIGN(const auto spools, spools_.close_up_to(i, epoch, targets_[i].last_point));
    for (const ClosedSpool& spool : spools) {
      const ManifestSpool entry{.target = targets_[i].started.name,
                                .epoch = spool.epoch,
                                .decision = {epoch, 0},
                                .name = spool.name,
                                .seal = spool.seal};
      closed.push_back({entry, spool.after});
    }
  }
  return closed;
}

Status FolderCoordinator::decide(Manifest manifest, const std::vector<TaskPart>& parts) {
  if (!settings_.exactly_once) SLUICE_TRY(flush_targets());
  SLUICE_TRY(write_state(contents_.folder, environment_, parts, manifest));
  SLUICE_ASSIGN(std::vector<KeptSpool> closed, close_spools(manifest.epoch));
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::checkpoint_after_spools_synced));
  SLUICE_TRY(contents_.folder.sync());
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::checkpoint_after_files_synced));
  contents_.spools = spools_still_kept(manifest);
  for (const KeptSpool& spool : contents_.spools) manifest.spools.push_back(spool.entry);
  for (const KeptSpool& spool : closed) manifest.spools.push_back(spool.entry);
  SLUICE_ASSIGN(const FileSeal seal, decide_manifest(contents_.folder, environment_, manifest));
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::checkpoint_decided));
  int64_t oldest_record_us = INT64_MAX;
  for (const TaskPart& part : parts) {
    oldest_record_us = std::min(oldest_record_us, part.oldest_record_us);
  }
  const bool folds = note_folded(manifest.epoch);
  adopt(std::move(manifest), seal, std::move(closed), oldest_record_us);
  if (folds) SLUICE_TRY(environment_.failpoints->hit(Failpoint::rejects_folded));
  return clean_up();
}

bool FolderCoordinator::note_folded(Epoch epoch) {
  bool folds = false;
  for (Target& target : targets_) {
    if (target.taken_in > epoch) continue;
    folds |= std::exchange(target.has_taken, false);
  }
  return folds;
}

void FolderCoordinator::adopt(Manifest manifest, const FileSeal& seal,
                              std::vector<KeptSpool> closed, int64_t oldest_record_us) {
  const Labels labels{{"pipeline", pipeline_}};
  const auto state_bytes =
      manifest.state_files.empty() || manifest.state_files.back().name != state_name(manifest.epoch)
          ? 0
          : manifest.state_files.back().seal.bytes;
  counters_.at(metrics::checkpoint_bytes, labels).set(static_cast<int64_t>(state_bytes));
  counters_.at(metrics::checkpoint_last_success, labels)
      .set(environment_.clock->now_us() / 1'000'000);
  if (contents_.newest) contents_.previous = std::move(contents_.newest->manifest);
  contents_.newest = LoadedManifest{std::move(manifest), seal};
  for (KeptSpool& spool : closed) {
    spool.entry.decision.checksum = seal.checksum;
    if (spool.after.epoch != Epoch() && spool.after.checksum == same_decision) {
      spool.after.checksum = seal.checksum;
    }
    const auto target = std::find_if(targets_.begin(), targets_.end(), [&](const Target& one) {
      return one.started.name == spool.entry.target;
    });
    target->last_point = spool.entry.point();
    target->started.queue->push(
        {contents_.folder.path_of(spool.entry.name), spool.facts(), oldest_record_us});
    contents_.spools.push_back(std::move(spool));
  }
}

// What an undone deletion leaves behind, the next start deletes.
Status FolderCoordinator::clean_up() {
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::cleanup_before));
  const Status removed = contents_.folder.remove_unreached(
      &contents_.newest->manifest, contents_.previous ? &*contents_.previous : nullptr,
      contents_.newest->manifest.epoch);
  if (!removed) environment_.log->warning("old checkpoints are not deleted", removed.error());
  return environment_.failpoints->hit(Failpoint::cleanup_after);
}

}  // namespace sluice
