#include "runtime/closed_run.hpp"

#include "checkpoint/checkpoint_coordinator.hpp"
#include "runtime/dead_letter_output.hpp"

namespace sluice {

namespace {

Status wait_published(CheckpointCoordinator& coordinator, int64_t deadline_us) {
  if (coordinator.wait_published(deadline_us)) return {};
  if (auto failure = coordinator.failure()) return fail(std::move(*failure));
  return fail_retriable(ErrorCode::publish_failed,
                        "the closed pipeline's last epochs wait for a target");
}

// The letters are an epoch of their own: its manifest says what the one before said of the sources,
// and no state, for there is none that anybody will go on from.
Status decide(std::vector<DeadLetter> letters, DeadLetterOutput& output,
              CheckpointCoordinator& coordinator) {
  for (DeadLetter& letter : letters) SLUICE_TRY(output.letters().add(std::move(letter)));
  SLUICE_TRY(output.end_epoch());
  SLUICE_TRY(coordinator.begin());
  return coordinator.complete({}, coordinator.restored()->progress, true);
}

Status publish_all(const StreamGraph& graph, const TaskEnvironment& environment,
                   int64_t deadline_us) {
  CheckpointCoordinator& coordinator = *environment.coordinator;
  DeadLetterOutput output(graph, environment);
  SLUICE_TRY(output.open());
  while (true) {
    SLUICE_TRY(wait_published(coordinator, deadline_us));
    std::vector<DeadLetter> letters = coordinator.take_rejects();
    if (letters.empty()) return {};
    SLUICE_TRY(decide(std::move(letters), output, coordinator));
  }
}

}  // namespace

Status finish_closed(const StreamGraph& graph, const TaskEnvironment& environment,
                     int64_t deadline_us) {
  Status published = publish_all(graph, environment, deadline_us);
  const DeadLetterLimit& limit = *environment.dead_letter_limit;
  if (!limit.is_exceeded()) return published;
  return fail(published ? limit.error() : limit.error_of_unpublished(published.error()));
}

}  // namespace sluice
