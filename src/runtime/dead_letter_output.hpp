// DeadLetterOutput: one thread's way to the pipeline's dead letters: the writer, and its end of the
// sink that takes them. Without such a sink a letter fails the pipeline, see DeadLetterWriter.
// Created, opened, then used in each epoch; one thread.
#pragma once

#include <optional>

#include "dataflow/operator.hpp"
#include "dataflow/stream_graph.hpp"
#include "runtime/dead_letter_writer.hpp"
#include "runtime/sink_writer.hpp"

namespace sluice {

struct TaskEnvironment;

class DeadLetterOutput {
 public:
  // Both outlive it; so does what the environment names.
  DeadLetterOutput(const StreamGraph& graph, const TaskEnvironment& environment);
  DeadLetterOutput(const DeadLetterOutput&) = delete;
  DeadLetterOutput& operator=(const DeadLetterOutput&) = delete;

  Status open();
  DeadLetterWriter& letters() { return *letters_; }
  // See SinkWriter.
  bool holds_rows() const { return sink_ && sink_->holds_rows(); }
  Status send_held();
  // Hands over what belongs to the epoch; later letters belong to the next one.
  Status end_epoch();

 private:
  std::optional<StepCounters> counters_;
  OperatorContext context_;
  std::optional<SinkWriter> sink_;
  std::optional<DeadLetterWriter> letters_;
};

}  // namespace sluice
