#include "runtime/task_set.hpp"

#include <algorithm>

#include "runtime/execution_graph.hpp"
#include "runtime/graph_targets.hpp"

namespace sluice {

// Builds the tasks of one run, fragment by fragment, then joins them by channels.
class TaskSetBuilder {
 public:
  TaskSetBuilder(const StreamGraph& graph, uint32_t parallelism, const TaskEnvironment& environment,
                 const std::vector<Waker*>& wakers)
      : graph_(graph),
        environment_(environment),
        wakers_(wakers),
        plan_(make_execution_graph(graph, parallelism)),
        set_(std::make_unique<TaskSet>()),
        task_nodes_(parallelism, std::vector<TaskNode*>(graph.nodes.size(), nullptr)) {
    set_->parallelism_ = parallelism;
    set_->reader_fragment_.assign(graph.sources.size(), 0);
  }

  Result<std::unique_ptr<TaskSet>> build() {
    make_tracker();
    for (size_t fragment = 0; fragment < plan_.fragments.size(); ++fragment) {
      for (const size_t source : plan_.fragments[fragment].source_inputs)
        set_->reader_fragment_[source] = fragment;
      for (uint32_t slot = 0; slot < plan_.parallelism; ++slot) add_task(fragment, slot);
    }
    for (const ExchangeEdge& exchange : plan_.exchanges) add_exchange(exchange);
    for (const auto& task : set_->tasks_) {
      const uint32_t slot = set_->slot_of(static_cast<size_t>(&task - set_->tasks_.data()));
      SLUICE_TRY(task->open({.environment = environment_.environment,
                             .waker = wakers_[slot],
                             .pipeline_id = environment_.pipeline_id,
                             .read_ahead_bytes = read_ahead_bytes()}));
    }
    return std::move(set_);
  }

 private:
  void make_tracker() {
    std::vector<WatermarkTracker::ScanSettings> scans;
    for (const StreamNode& node : graph_.nodes) {
      const auto* scan = std::get_if<ScanVertex>(&node.node);
      if (scan == nullptr) continue;
      tracker_index_[node.id.value] = scans.size();
      scans.push_back({node.name, scan->has_event_time, scan->idle_after_us});
      set_->scans_.push_back(node.name);
    }
    set_->tracker_ =
        std::make_unique<WatermarkTracker>(std::move(scans), *environment_.environment.clock);
  }

  // An equal share for every reader: each source has one in every slot.
  uint64_t read_ahead_bytes() const {
    const size_t readers = graph_.sources.size() * plan_.parallelism;
    return environment_.limits.ahead_bytes / std::max<size_t>(readers, 1);
  }

  std::unique_ptr<OperatorContext> make_context(Task& task, uint32_t slot) const {
    auto context = std::make_unique<OperatorContext>();
    context->environment = environment_.environment;
    context->memory = environment_.memory;
    context->zone = environment_.zone;
    context->dead_letters = &task.dead_letters_->letters();
    context->key_groups = KeyGroupRange::of_task(slot, plan_.parallelism);
    return context;
  }

  std::unique_ptr<StepCounters> make_counters(const StreamNode& node) const {
    return std::make_unique<StepCounters>(*environment_.counters, graph_.pipeline, node.name,
                                          node.part);
  }

  // Watermarks come once per local edge and per channel.
  size_t contributions_of(const StreamNode& node) const {
    size_t count = 0;
    for (const StreamEdge& edge : node.inputs) {
      const bool is_local = plan_.fragment_of[edge.from.value] == plan_.fragment_of[node.id.value];
      const bool is_hash = !is_local && edge.distribution == StreamEdge::Distribution::hash;
      count += is_hash ? plan_.parallelism : 1;
    }
    return count;
  }

  void add_task(size_t fragment, uint32_t slot) {
    const Fragment& plan = plan_.fragments[fragment];
    set_->tasks_.push_back(std::make_unique<Task>(set_->tasks_.size(), *environment_.listener,
                                                  *environment_.coordinator, *environment_.memory));
    Task& task = *set_->tasks_.back();
    task.dead_letters_ = std::make_unique<DeadLetterOutput>(graph_, environment_);
    for (const NodeId id : plan.nodes) {
      const StreamNode& node = graph_.nodes[id.value];
      task.nodes_.push_back(std::make_unique<TaskNode>(
          node, contributions_of(node), make_context(task, slot), make_counters(node)));
      TaskNode& made = *task.nodes_.back();
      task_nodes_[slot][id.value] = &made;
      if (std::holds_alternative<SinkVertex>(node.node)) {
        made.set_sink(std::make_unique<SinkWriter>(node, sink_index(graph_, node),
                                                   *environment_.coordinator,
                                                   environment_.coordinator->current_epoch()));
      }
      if (std::holds_alternative<OperatorVertex>(node.node)) {
        set_->state_nodes_[StreamGraph::state_id(node)] = {fragment, id};
      }
      connect_locally(node, made, fragment, slot);
    }
    for (const size_t source : plan.source_inputs) add_reader(task, source, plan);
  }

  void connect_locally(const StreamNode& node, TaskNode& made, size_t fragment, uint32_t slot) {
    for (size_t port = 0; port < node.inputs.size(); ++port) {
      const NodeId from = node.inputs[port].from;
      if (plan_.fragment_of[from.value] != fragment) continue;
      task_nodes_[slot][from.value]->add_local(made, port, next_contribution(slot, node.id));
    }
  }

  size_t next_contribution(uint32_t slot, NodeId node) {
    return next_contribution_[{slot, node.value}]++;
  }

  void add_reader(Task& task, size_t source, const Fragment& plan) {
    std::vector<SourceReader::Scan> scans;
    std::vector<size_t> nodes;
    for (size_t i = 0; i < plan.nodes.size(); ++i) {
      const StreamNode& node = graph_.nodes[plan.nodes[i].value];
      const auto* scan = std::get_if<ScanVertex>(&node.node);
      if (scan == nullptr || scan->source_input != source) continue;
      scans.push_back({&node, tracker_index_[node.id.value], &task.nodes_[i]->context()});
      nodes.push_back(i);
    }
    task.readers_.push_back(
        {source,
         std::make_unique<SourceReader>(graph_.sources[source], std::move(scans), *set_->tracker_,
                                        environment_.limits),
         std::move(nodes)});
  }

  Channel& add_channel(uint32_t from_slot, uint32_t to_slot, const ExchangeEdge& exchange) {
    auto& channels = set_->exchanges_.back().channels;
    channels.push_back(std::make_unique<Channel>(*wakers_[from_slot], *wakers_[to_slot]));
    Channel& channel = *channels.back();
    Task& from =
        *set_->tasks_[plan_.fragment_of[exchange.from.value] * plan_.parallelism + from_slot];
    Task& to = *set_->tasks_[plan_.fragment_of[exchange.to.value] * plan_.parallelism + to_slot];
    from.outputs_.push_back(&channel);
    const std::vector<NodeId>& nodes = plan_.fragments[plan_.fragment_of[exchange.to.value]].nodes;
    const auto node =
        static_cast<size_t>(std::find(nodes.begin(), nodes.end(), exchange.to) - nodes.begin());
    to.channels_.push_back(
        {&channel, node, exchange.port, next_contribution(to_slot, exchange.to)});
    return channel;
  }

  void add_exchange(const ExchangeEdge& exchange) {
    const StreamNode& from = graph_.nodes[exchange.from.value];
    const StreamEdge& edge = graph_.nodes[exchange.to.value].inputs[exchange.port];
    set_->exchanges_.push_back({from.name, graph_.nodes[exchange.to.value].name, {}});
    for (uint32_t slot = 0; slot < plan_.parallelism; ++slot) {
      TaskNode& node = *task_nodes_[slot][exchange.from.value];
      if (!exchange.is_hash) {
        node.add_remote(std::nullopt, {&add_channel(slot, slot, exchange)});
        continue;
      }
      std::vector<Channel*> channels;
      for (uint32_t to = 0; to < plan_.parallelism; ++to)
        channels.push_back(&add_channel(slot, to, exchange));
      node.add_remote(HashRouter(*from.schema, edge.hash_columns, plan_.parallelism),
                      std::move(channels));
    }
  }

  const StreamGraph& graph_;
  const TaskEnvironment& environment_;
  const std::vector<Waker*>& wakers_;
  ExecutionGraph plan_;
  std::unique_ptr<TaskSet> set_;
  std::vector<std::vector<TaskNode*>> task_nodes_;  // by slot, by node
  std::map<uint32_t, size_t> tracker_index_;        // by node
  std::map<std::pair<uint32_t, uint32_t>, size_t> next_contribution_;
};

Result<std::unique_ptr<TaskSet>> TaskSet::build(const StreamGraph& graph, uint32_t parallelism,
                                                const TaskEnvironment& environment,
                                                const std::vector<Waker*>& wakers) {
  return TaskSetBuilder(graph, parallelism, environment, wakers).build();
}

Status TaskSet::restore(CheckpointCoordinator& coordinator) {
  if (!coordinator.restored()) return {};
  const auto& issued = coordinator.restored()->progress.issued_watermarks;
  for (size_t scan = 0; scan < scans_.size(); ++scan) {
    const auto found = issued.find(scans_[scan]);
    if (found != issued.end()) tracker_->restore_issued(scan, found->second);
  }
  return coordinator.read_state([this](std::string_view state_id, const StateEntry& entry) {
    return restore_entry(state_id, entry);
  });
}

Status TaskSet::restore_entry(std::string_view state_id, const StateEntry& entry) {
  const auto found = state_nodes_.find(state_id);
  if (found == state_nodes_.end()) {
    return fail(ErrorCode::state_incompatible, "the saved state of " + std::string(state_id) +
                                                   " belongs to no step of the pipeline");
  }
  const auto [fragment, node] = found->second;
  return tasks_[fragment * parallelism_ + owner_of(entry.group, parallelism_)]->restore(node,
                                                                                        entry);
}

Task& TaskSet::reader_task(size_t source_input, uint32_t slot) {
  return *tasks_[reader_fragment_[source_input] * parallelism_ + slot];
}

std::vector<ChannelFill> TaskSet::channel_fill() const {
  std::vector<ChannelFill> fill;
  for (const Exchange& exchange : exchanges_) {
    ChannelFill& entry = fill.emplace_back(ChannelFill{exchange.from, exchange.to});
    for (const auto& channel : exchange.channels)
      entry.ratio = std::max(entry.ratio, channel->fill_ratio());
  }
  return fill;
}

Status TaskSet::close() {
  for (const auto& task : tasks_) SLUICE_TRY(task->close());
  return {};
}

}  // namespace sluice
