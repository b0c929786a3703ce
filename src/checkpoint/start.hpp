// S2-S4 of a start: looks at every target's marker, decides, takes ownership, and publishes what is
// pending. Called by the coordinating thread once per start, after load_folder; blocks on the
// targets. Errors: target_refused, state_incompatible and fenced are final; an unreachable target
// is Retry::later, and the start is made again from S1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "checkpoint/folder_contents.hpp"
#include "checkpoint/publish_queue.hpp"

namespace sluice {

struct StartedTarget {
  std::string name;
  std::string identity;   // empty without a queue
  bool is_moved = false;  // to another system than the manifest knows
  Epoch rejects_folded;
  std::unique_ptr<PublishQueue> queue;  // none: at-least-once, nothing to be published
  std::unique_ptr<Publisher> direct;    // where there is no queue

  Publisher& publisher() { return queue ? queue->publisher().publisher() : *direct; }
};

Result<std::vector<StartedTarget>> start_targets(const FolderContents& contents,
                                                 const CheckpointSettings& settings,
                                                 const std::vector<CheckpointTarget>& targets,
                                                 const Environment& environment);

}  // namespace sluice
