#include "checkpoint/folder_coordinator.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "checkpoint/checkpoint_files.hpp"
#include "checkpoint/plan_effects.hpp"
#include "env/metrics.hpp"
#include "storage/encoding.hpp"
#include "storage/state_file.hpp"

namespace sluice {

namespace {

// More than this and the pipeline does not progress: the run ends and starts from its last
// checkpoint.
constexpr uint32_t max_abandoned_in_row = 8;
constexpr int64_t longest_wait_us = 100'000;

std::vector<EpochSpools::Target> spool_targets(const std::vector<CheckpointTarget>& targets) {
  std::vector<EpochSpools::Target> result;
  for (const CheckpointTarget& target : targets) result.push_back({target.name, target.sinks});
  return result;
}

void warn(ErrorCode code, const std::string& message, const Environment& environment) {
  environment.log->warning(
      message, {{"code", error_code_text(code)}, {"advice", std::string(describe(code).advice)}});
}

// What the file's edits leave out; a start that would be refused is none.
void warn_of_effects(const Manifest& manifest, const CheckpointSettings& settings,
                     const Environment& environment) {
  for (const PlanEffect& effect : effects_on(manifest, settings.plan, settings.former_names)) {
    if (const auto code = code_of(effect.kind)) warn(*code, effect.message, environment);
  }
}

// Another system holds nothing of what the former one was given.
void warn_of_moves(const std::vector<StartedTarget>& started, const Environment& environment) {
  for (const StartedTarget& target : started) {
    if (!target.is_moved) continue;
    warn(ErrorCode::sent_from_now,
         "connection " + target.name +
             " leads to another system than before: its sinks get only what comes or changes from "
             "now on",
         environment);
  }
}

Epoch newest_epoch(const FolderContents& contents) {
  return contents.newest ? contents.newest->manifest.epoch : Epoch();
}

}  // namespace

Result<std::unique_ptr<CheckpointCoordinator>> CheckpointCoordinator::open(
    CheckpointSettings settings, std::vector<CheckpointTarget> targets,
    const Environment& environment, Counters& counters, MemoryPool& memory) {
  SLUICE_ASSIGN(FolderContents contents, load_folder(settings.folder, environment));
  SLUICE_ASSIGN(auto started, start_targets(contents, settings, targets, environment));
  if (contents.newest) warn_of_effects(contents.newest->manifest, settings, environment);
  warn_of_moves(started, environment);
  return std::make_unique<FolderCoordinator>(std::move(settings), targets, std::move(contents),
                                             std::move(started),
                                             CoordinatorContext{environment, counters, memory});
}

FolderCoordinator::FolderCoordinator(CheckpointSettings settings,
                                     const std::vector<CheckpointTarget>& targets,
                                     FolderContents contents, std::vector<StartedTarget> started,
                                     const CoordinatorContext& context)
    : settings_(std::move(settings)),
      environment_(context.environment),
      counters_(context.counters),
      memory_(context.memory),
      contents_(std::move(contents)),
      spools_(contents_.folder, context.memory, spool_targets(targets),
              settings_.spool_limit_bytes),
      current_epoch_(newest_epoch(contents_).value + 1),
      pipeline_(settings_.pipeline_id.substr(settings_.pipeline_id.find('.') + 1)) {
  if (contents_.newest) {
    const Manifest& manifest = contents_.newest->manifest;
    restored_ = RestoredCheckpoint{manifest.epoch, manifest.progress, manifest.is_closed};
    for (const ManifestStateFile& file : manifest.state_files) {
      restored_state_.push_back(contents_.folder.path_of(file.name));
    }
    renamed_states_ = renamed_states(manifest.plan, settings_.plan, settings_.former_names);
    // Deltas may only follow state of the same steps under the same names.
    must_be_full_ = manifest.plan.states != settings_.plan.states;
  }
  for (size_t i = 0; i < targets.size(); ++i) {
    Target target{std::move(started[i]), targets[i].sinks, {}, {}, {}};
    target.rejects_taken = target.started.rejects_folded;
    if (target.started.is_moved) {
      std::erase_if(contents_.spools, [&](const KeptSpool& spool) {
        return spool.entry.target == target.started.name;
      });
    }
    if (target.started.queue) {
      target.last_point = target.started.queue->progress().published;
      const Labels labels{{"pipeline", pipeline_}, {"sink", target.started.name}};
      target.started.queue->measure({Histogram(counters_, metrics::publish_duration, labels),
                                     Histogram(counters_, metrics::end_to_end_latency, labels)});
      if (settings_.publish_in_background) target.started.queue->start();
    }
    targets_.push_back(std::move(target));
  }
}

Status FolderCoordinator::read_state(
    const std::function<Status(std::string_view, const StateEntry&)>& visit) {
  const auto visit_present = [&](std::string_view state_id, const StateEntry& entry) {
    const auto renamed = renamed_states_.find(state_id);
    return visit(renamed == renamed_states_.end() ? state_id : renamed->second, entry);
  };
  return read_merged_state(*environment_.filesystem, memory_, restored_state_, visit_present);
}

Status FolderCoordinator::spool(size_t target, uint32_t sink, Epoch epoch,
                                std::string_view framed_operations, uint64_t operation_count) {
  if (!settings_.exactly_once) return write_through(targets_[target], sink, framed_operations);
  return spools_.append(target, sink, epoch, framed_operations, operation_count);
}

Status FolderCoordinator::write_through(Target& target, uint32_t sink,
                                        std::string_view framed_operations) {
  const std::lock_guard lock(*target.write_through);
  ByteReader bytes(framed_operations);
  while (!bytes.is_empty()) {
    uint32_t length = 0;
    std::string_view operation;
    const bool is_framed = bytes.read_u32(length) && bytes.read_bytes(length, operation);
    SLUICE_ASSERT(is_framed, "operations are not framed");
    SLUICE_TRY(
        target.started.publisher().write_through(sink, target.sinks[sink].definition, operation));
  }
  return {};
}

Status FolderCoordinator::send(size_t target) {
  SLUICE_ASSERT(writes_through(), "spools are published after their decision");
  const std::lock_guard lock(*targets_[target].write_through);
  return targets_[target].started.publisher().send();
}

bool FolderCoordinator::is_spool_full(Epoch epoch) const {
  return settings_.exactly_once && spools_.is_full(epoch);
}

bool FolderCoordinator::may_begin() const {
  if (in_flight_ || broken_) return false;
  return std::all_of(targets_.begin(), targets_.end(), [this](const Target& target) {
    return !target.started.queue ||
           target.started.queue->progress().unpublished < settings_.max_unpublished;
  });
}

Status FolderCoordinator::begin() {
  if (broken_) return fail(*broken_);
  SLUICE_ASSERT(!in_flight_, "one checkpoint at a time");
  in_flight_ = current_epoch();
  const std::vector<ManifestStateFile> none;
  const auto& files = contents_.newest ? contents_.newest->manifest.state_files : none;
  const bool is_full = must_be_full_ || is_full_snapshot_due(files, settings_.full_snapshot_every);
  snapshot_kind_ = is_full ? SnapshotKind::full : SnapshotKind::delta;
  current_epoch_.fetch_add(1);
  return {};
}

Status FolderCoordinator::abandon() {
  if (broken_) return fail(*broken_);
  SLUICE_ASSERT(in_flight_ || abandoned_in_row_ > 0, "there is no checkpoint to abandon");
  in_flight_.reset();
  // Changes that went into the abandoned snapshot are in no file.
  must_be_full_ = true;
  snapshot_kind_ = SnapshotKind::full;
  checkpoints("abandoned").add();
  if (++abandoned_in_row_ < max_abandoned_in_row) return {};
  return fail_retriable(
      ErrorCode::checkpoint_timeout,
      std::to_string(abandoned_in_row_) + " checkpoints in a row did not finish in time");
}

std::vector<DeadLetter> FolderCoordinator::take_rejects() {
  std::vector<DeadLetter> letters;
  for (Target& target : targets_) {
    if (!target.started.queue) continue;
    TakenRejects taken = target.started.queue->take_rejects();
    target.has_taken |= !taken.letters.empty();
    std::move(taken.letters.begin(), taken.letters.end(), std::back_inserter(letters));
    target.rejects_taken = std::max(target.rejects_taken, taken.up_to);
    target.taken_in = current_epoch();
  }
  return letters;
}

bool FolderCoordinator::has_rejects() const {
  return std::any_of(targets_.begin(), targets_.end(), [](const Target& target) {
    return target.started.queue && target.started.queue->has_rejects();
  });
}

std::vector<PublishHealth> FolderCoordinator::health() const {
  std::vector<PublishHealth> health;
  for (const Target& target : targets_) {
    PublishHealth& entry = health.emplace_back();
    entry.target = target.started.name;
    if (!target.started.queue) continue;
    const PublishProgress progress = target.started.queue->progress();
    entry.published = progress.published.epoch;
    entry.last_error = progress.last_error;
    entry.unpublished_epochs = progress.unpublished;
    entry.republished = progress.republished;
  }
  return health;
}

std::optional<Error> FolderCoordinator::failure() const {
  for (const Target& target : targets_) {
    if (!target.started.queue) continue;
    if (auto failure = target.started.queue->progress().failure) return failure;
  }
  return std::nullopt;
}

bool FolderCoordinator::wait_published(int64_t deadline_us) {
  bool all_published = true;
  for (Target& target : targets_) {
    if (!target.started.queue) continue;
    PublishQueue& queue = *target.started.queue;
    if (!settings_.publish_in_background) {
      all_published &= queue.publish_pending().has_value();
      continue;
    }
    bool is_published = queue.wait_empty(0);
    while (!is_published && !queue.progress().failure) {
      const int64_t left_us = deadline_us - environment_.clock->monotonic_us();
      if (left_us <= 0) break;
      is_published = queue.wait_empty(std::min(left_us, longest_wait_us));
    }
    all_published &= is_published;
  }
  return all_published;
}

void FolderCoordinator::stop() {
  PublishedNote note = contents_.note;
  for (Target& target : targets_) {
    if (!target.started.queue) continue;
    target.started.queue->stop();
    note[target.started.name] = target.started.queue->progress().published;
  }
  if (note == contents_.note || broken_) return;
  const Status written =
      write_published_note(*environment_.filesystem, contents_.folder.path_of("PUBLISHED"), note);
  if (!written) environment_.log->warning("what is published is not noted", written.error());
}

Counter& FolderCoordinator::checkpoints(const char* result) {
  return counters_.at(metrics::checkpoints, {{"pipeline", pipeline_}, {"result", result}});
}

}  // namespace sluice
