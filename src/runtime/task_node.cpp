#include "runtime/task_node.hpp"

namespace sluice {

TaskNode::TaskNode(const StreamNode& node, size_t contributions,
                   std::unique_ptr<OperatorContext> context, std::unique_ptr<StepCounters> counters)
    : node_(node),
      merger_(contributions),
      counters_(std::move(counters)),
      context_(std::move(context)) {
  context_->counters = counters_.get();
  if (const auto* vertex = std::get_if<OperatorVertex>(&node.node))
    operator_ = vertex->description->create();
}

Status TaskNode::open() {
  if (operator_) return operator_->open(*context_);
  return sink_ ? sink_->open(*context_) : Status{};
}

Status TaskNode::process(size_t port, const RecordBatch& batch) {
  const Busy busy(*this);
  if (sink_) return sink_->process(batch);
  counters_->in.add(static_cast<int64_t>(batch.rows()));
  return operator_->process(port, batch, *this);
}

Status TaskNode::emit(RecordBatch batch) {
  if (batch.empty()) return {};
  counters_->out.add(static_cast<int64_t>(batch.rows()));
  return send(batch);
}

Status TaskNode::send(const RecordBatch& batch) {
  for (const Local& local : locals_) SLUICE_TRY(local.target->process(local.port, batch));
  for (Remote& remote : remotes_) {
    if (!remote.router) {
      remote.channels.front()->push(batch);
      continue;
    }
    std::vector<RecordBatch> parts = remote.router->route(batch);
    for (size_t i = 0; i < parts.size(); ++i) {
      if (!parts[i].empty()) remote.channels[i]->push(std::move(parts[i]));
    }
  }
  return {};
}

Status TaskNode::advance(size_t contribution, Watermark watermark) {
  const std::optional<Watermark> merged = merger_.update(contribution, watermark);
  if (!merged) return {};
  if (!merged->is_idle()) return pass_time(*merged);
  if (const auto time_us = merger_.stands_at()) SLUICE_TRY(pass_time(Watermark::at(*time_us)));
  return send_watermark(*merged);
}

Status TaskNode::send_held() {
  if (!sink_) return {};
  const Busy busy(*this);
  return sink_->send();
}

Status TaskNode::pass_time(Watermark watermark) {
  const Busy busy(*this);
  if (operator_) SLUICE_TRY(operator_->on_watermark(watermark, *this));
  return send_watermark(watermark);
}

Status TaskNode::send_watermark(Watermark watermark) {
  for (const Local& local : locals_)
    SLUICE_TRY(local.target->advance(local.contribution, watermark));
  for (const Remote& remote : remotes_) {
    for (Channel* channel : remote.channels) channel->push(watermark);
  }
  return {};
}

Status TaskNode::pass_barrier(const CheckpointBarrier& barrier, StateBuffer& state) {
  const Busy busy(*this);
  if (operator_) {
    SLUICE_TRY(operator_->on_barrier(barrier, *this));
    state.begin_node(StreamGraph::state_id(node_));
    SLUICE_TRY(operator_->snapshot(state));
  }
  return sink_ ? sink_->end_epoch() : Status{};
}

}  // namespace sluice
