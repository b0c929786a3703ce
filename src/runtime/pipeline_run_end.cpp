// How a run ends: with a last checkpoint that is published, within the time of a stop, and without
// its threads.
#include "runtime/dead_letter_writer.hpp"
#include "runtime/pipeline_run.hpp"

namespace sluice {

namespace {

// What a thread usually needs to come back is far less.
constexpr auto patience = std::chrono::seconds(1);

}  // namespace

Result<RunEnd> PipelineRun::finish_within_limit(RunEnd end) {
  Result<RunEnd> finished = finish(end);
  const DeadLetterLimit& limit = *environment_.dead_letter_limit;
  if (!limit.is_exceeded()) return finished;
  return fail(finished ? limit.error() : limit.error_of_unpublished(finished.error()));
}

Result<RunEnd> PipelineRun::finish(RunEnd end) {
  const Environment& environment = environment_.environment;
  int64_t deadline_us = environment.clock->monotonic_us() + settings_.stop_timeout_us;
  if (end == RunEnd::stopped) {
    const std::lock_guard lock(mutex_);
    deadline_us = stop_deadline_us_;
  }
  for (size_t i = 0; i < tasks_->size(); ++i) tasks_->task(i).stop_sources();
  if (end == RunEnd::closed) tasks_->tracker().close();
  while (!coordinator_.may_begin() && environment.clock->monotonic_us() < deadline_us) {
    if (auto error = failure()) return fail(std::move(*error));
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, look_interval);
  }
  if (!coordinator_.may_begin() || environment.clock->monotonic_us() > deadline_us) {
    return leave_to_the_next_start(
        end,
        "stopped without a final checkpoint: a target has not taken its epochs, or a step its "
        "records, in time");
  }
  // Rejects of the last epochs become dead letters too, so that a stop leaves nothing to tell.
  do {
    std::vector<DeadLetter> rejects = coordinator_.take_rejects();
    if (!rejects.empty()) tasks_->task(0).post_dead_letters(std::move(rejects));
    SLUICE_ASSIGN(const bool completed, checkpoint(end));
    if (!completed || !coordinator_.wait_published(deadline_us)) {
      if (auto error = failure()) return fail(std::move(*error));
      return leave_to_the_next_start(
          end, "stopped before everything was published; the next start publishes it");
    }
  } while (coordinator_.has_rejects());
  return end;
}

Result<RunEnd> PipelineRun::leave_to_the_next_start(RunEnd end, const char* why) {
  if (end == RunEnd::closed) return fail_retriable(ErrorCode::publish_failed, why);
  environment_.environment.log->warning(why);
  return end;
}

Status PipelineRun::close() {
  for (const auto& worker : workers_) worker->request_stop();
  warn_of_held_threads();
  stop_workers();
  guard_.close();
  return tasks_->close();
}

void PipelineRun::stop_workers() {
  for (const auto& worker : workers_) worker->stop();
}

void PipelineRun::warn_of_held_threads() {
  {
    std::unique_lock lock(mutex_);
    condition_.wait_for(lock, patience, [this] { return at_work().empty(); });
  }
  const std::string held = at_work();
  if (held.empty()) return;
  environment_.environment.log->warning(
      "the run is over, but a thread of it does not come back from a call", {{"at", held}});
}

std::string PipelineRun::at_work() const {
  std::string text;
  for (size_t slot = 0; slot < workers_.size(); ++slot) {
    if (workers_[slot]->has_ended()) continue;
    const std::string step = workers_[slot]->busy_step();
    text += (text.empty() ? "" : ", ") + (step.empty() ? std::string() : "step " + step + " in ") +
            "slot " + std::to_string(slot);
  }
  return text;
}

}  // namespace sluice
