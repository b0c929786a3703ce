#include "runtime/dead_letter_output.hpp"

#include "checkpoint/checkpoint_coordinator.hpp"
#include "runtime/graph_targets.hpp"
#include "runtime/task_environment.hpp"

namespace sluice {

DeadLetterOutput::DeadLetterOutput(const StreamGraph& graph, const TaskEnvironment& environment) {
  if (graph.dead_letter_sink) {
    const StreamNode& node = graph.nodes[graph.dead_letter_sink->value];
    counters_.emplace(*environment.counters, graph.pipeline, node.name, node.part);
    sink_.emplace(node, sink_index(graph, node), *environment.coordinator,
                  environment.coordinator->current_epoch());
  }
  letters_.emplace(graph.pipeline, sink_ ? &*sink_ : nullptr, *environment.dead_letter_limit,
                   *environment.counters, *environment.environment.log);
  context_.environment = environment.environment;
  context_.memory = environment.memory;
  context_.zone = environment.zone;
  context_.dead_letters = &*letters_;
  context_.counters = counters_ ? &*counters_ : nullptr;
}

Status DeadLetterOutput::open() { return sink_ ? sink_->open(context_) : Status{}; }

Status DeadLetterOutput::send_held() {
  SLUICE_TRY(letters_->flush());
  return sink_ ? sink_->send() : Status{};
}

Status DeadLetterOutput::end_epoch() {
  SLUICE_TRY(letters_->flush());
  return sink_ ? sink_->end_epoch() : Status{};
}

}  // namespace sluice
