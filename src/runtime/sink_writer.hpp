// SinkWriter: one task's end of one sink: nets the epoch where the sink needs it, lets the Sink
// encode, and spools the operations. Where sinks write while records flow, it nets and hands over
// what has come whenever it is told to. Rows with a NULL key, rows the target would refuse, and
// conflicting rows go where `on_error` says. One thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "dataflow/operator.hpp"
#include "dataflow/stream_graph.hpp"
#include "runtime/netting.hpp"

namespace sluice {

class SinkWriter final : private OperationWriter {
 public:
  // `sink_index`: of this sink among those of its target.
  SinkWriter(const StreamNode& node, uint32_t sink_index, CheckpointCoordinator& coordinator,
             Epoch first_epoch);

  Status open(OperatorContext& context);
  // See SinkDescription.
  size_t max_row_bytes() const { return vertex_.description->max_row_bytes(); }
  Status process(const RecordBatch& batch);
  // Rows have come that are not at the target nor on their way to it.
  bool holds_rows() const { return holds_rows_; }
  // Only where the coordinator writes through: sends them. Of an upsert sink each key is at most
  // once in what two calls send.
  Status send();
  // Everything of the epoch is handed over, and sent where the coordinator writes through; later
  // rows belong to the next one.
  Status end_epoch();

 private:
  Status write(std::string_view operation) override;
  Status encode(const RecordBatch& batch);
  DeadLetter letter_of(const RecordBatch& batch, size_t row, Error error) const;
  Status reject(const RecordBatch& batch, size_t row, Error error);
  // The batch without rows whose key has a NULL.
  Result<RecordBatch> without_null_keys(const RecordBatch& batch);
  // The netted changes so far.
  Status encode_netted();
  Status flush();

  const StreamNode& node_;
  const SinkVertex& vertex_;
  uint32_t sink_index_;
  CheckpointCoordinator& coordinator_;
  Epoch epoch_;
  std::unique_ptr<Sink> sink_;
  OperatorContext* context_ = nullptr;
  std::optional<EpochNetting> netting_;
  uint64_t rows_in_netting_ = 0;
  bool holds_rows_ = false;
  std::string framed_;
  uint64_t operation_count_ = 0;
};

}  // namespace sluice
