#include "runtime/sink_writer.hpp"

namespace sluice {

namespace {

constexpr size_t flush_bytes = 256 * 1024;

}  // namespace

SinkWriter::SinkWriter(const StreamNode& node, uint32_t sink_index,
                       CheckpointCoordinator& coordinator, Epoch first_epoch)
    : node_(node),
      vertex_(std::get<SinkVertex>(node.node)),
      sink_index_(sink_index),
      coordinator_(coordinator),
      epoch_(first_epoch) {}

Status SinkWriter::open(OperatorContext& context) {
  context_ = &context;
  if (vertex_.mode == SinkMode::upsert) {
    netting_.emplace(node_.schema, vertex_.key, vertex_.edge_retracts, *context.memory, node_.name);
  }
  SLUICE_ASSIGN(sink_, vertex_.description->create());
  return sink_->open({context.environment, context.zone});
}

Status SinkWriter::process(const RecordBatch& batch) {
  context_->counters->in.add(static_cast<int64_t>(batch.rows()));
  holds_rows_ = true;
  SLUICE_ASSIGN(const RecordBatch rows, without_null_keys(batch));
  if (rows.empty()) return {};
  if (!netting_) return encode(rows);
  rows_in_netting_ += rows.rows();
  return netting_->add(rows);
}

Status SinkWriter::encode_netted() {
  if (!netting_) return {};
  SLUICE_ASSIGN(const EpochNetting::Netted netted, netting_->take());
  const size_t left = netted.changes.rows() + netted.conflicts.rows();
  context_->counters->dropped("netted").add(static_cast<int64_t>(rows_in_netting_ - left));
  rows_in_netting_ = 0;
  for (size_t row = 0; row < netted.conflicts.rows(); ++row) {
    SLUICE_TRY(reject(netted.conflicts, row,
                      {ErrorCode::conflicting_rows,
                       "the epoch has another row of this key for sink " + node_.name,
                       Retry::never,
                       {}}));
  }
  return netted.changes.empty() ? Status{} : encode(netted.changes);
}

Status SinkWriter::send() {
  if (!holds_rows_) return {};
  SLUICE_TRY(encode_netted());
  SLUICE_TRY(flush());
  holds_rows_ = false;
  return coordinator_.send(vertex_.target);
}

// What is written through is sent now: the next epoch may have a key once more, and some targets
// take a key only once in what is sent together.
Status SinkWriter::end_epoch() {
  if (coordinator_.writes_through()) SLUICE_TRY(send());
  SLUICE_TRY(encode_netted());
  SLUICE_TRY(flush());
  epoch_ = Epoch(epoch_.value + 1);
  return {};
}

Result<RecordBatch> SinkWriter::without_null_keys(const RecordBatch& batch) {
  if (vertex_.key.empty()) return batch;
  std::vector<uint32_t> kept;
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    const size_t* null_column = nullptr;
    for (const size_t& column : vertex_.key) {
      if (batch.column(column).is_null(row)) null_column = &column;
    }
    if (null_column == nullptr) {
      kept.push_back(row);
      continue;
    }
    const std::string& name = (*batch.schema())[*null_column].name;
    SLUICE_TRY(reject(batch, row,
                      {ErrorCode::key_is_null,
                       "key column \"" + name + "\" of sink " + node_.name + " is NULL",
                       Retry::never,
                       {}}));
  }
  return kept.size() == batch.rows() ? batch : batch.gather(kept);
}

Status SinkWriter::encode(const RecordBatch& batch) {
  std::vector<RowRejection> rejected;
  SLUICE_TRY(sink_->encode(batch, *this, rejected));
  for (RowRejection& rejection : rejected)
    SLUICE_TRY(reject(batch, rejection.row, std::move(rejection.error)));
  context_->counters->out.add(static_cast<int64_t>(batch.rows() - rejected.size()));
  return {};
}

// What a target refuses is the row as it was to be written, not what it was in its source.
DeadLetter SinkWriter::letter_of(const RecordBatch& batch, size_t row, Error error) const {
  RecordBatch written = batch.gather({static_cast<uint32_t>(row)});
  written.meta().source_row.reset();
  return dead_letter_of_row(written, 0, node_.name, std::move(error));
}

Status SinkWriter::reject(const RecordBatch& batch, size_t row, Error error) {
  switch (vertex_.on_error) {
    case RowPolicy::fail:
      return fail(stopping_error(letter_of(batch, row, std::move(error)), "sink"));
    case RowPolicy::drop:
      context_->counters->dropped("sink_error").add();
      return {};
    case RowPolicy::dead_letter:
      context_->counters->dead.add();
      return context_->dead_letters->add(letter_of(batch, row, std::move(error)));
  }
  return {};
}

Status SinkWriter::write(std::string_view operation) {
  const auto size = static_cast<uint32_t>(operation.size());
  const char frame[] = {static_cast<char>(size), static_cast<char>(size >> 8),
                        static_cast<char>(size >> 16), static_cast<char>(size >> 24)};
  framed_.append(frame, sizeof(frame));
  framed_.append(operation);
  ++operation_count_;
  return framed_.size() >= flush_bytes ? flush() : Status{};
}

Status SinkWriter::flush() {
  if (framed_.empty()) return {};
  SLUICE_TRY(coordinator_.spool(vertex_.target, sink_index_, epoch_, framed_, operation_count_));
  framed_.clear();
  operation_count_ = 0;
  return {};
}

}  // namespace sluice
