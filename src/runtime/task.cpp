#include "runtime/task.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

namespace {

// Where sinks write while records flow, a row that comes alone is sent at once. Those that come
// within some time after it are sent together: a target's answer takes about as long for many. The
// time is longer where sending takes long, as in PostgreSQL, so that it takes a fifth of the task's
// time at most.
constexpr int64_t shortest_linger_us = 10'000;
constexpr int64_t longest_linger_us = 100'000;

int64_t linger_us(int64_t sending_us) {
  return std::clamp(4 * sending_us, shortest_linger_us, longest_linger_us);
}

}  // namespace

// Passes a reader's output to the scan nodes.
struct Task::ReaderOutput final : SourceReader::Output {
  ReaderOutput(Task& owner, const Reader& from) : task(owner), reader(from) {}
  Status emit_rows(size_t scan, RecordBatch batch) override {
    task.note_movements();  // also when an operator does not come back from them
    return task.nodes_[reader.nodes[scan]]->send(batch);
  }
  Status emit_watermark(size_t scan, Watermark watermark) override {
    return task.nodes_[reader.nodes[scan]]->send_watermark(watermark);
  }
  Task& task;
  const Reader& reader;
};

Task::Task(size_t index, TaskListener& listener, CheckpointCoordinator& coordinator,
           MemoryPool& memory)
    : index_(index),
      listener_(listener),
      coordinator_(coordinator),
      memory_(memory),
      epoch_(coordinator.current_epoch()) {}

Status Task::open(const SourceContext& context) {
  clock_ = context.environment.clock;
  aligner_.emplace(channels_.size() + readers_.size());
  SLUICE_TRY(dead_letters_->open());
  for (const auto& node : nodes_) SLUICE_TRY(node->open());
  for (const Reader& reader : readers_) SLUICE_TRY(reader.reader->open(context));
  return {};
}

Status Task::restore(NodeId id, const StateEntry& entry) {
  for (const auto& node : nodes_) {
    if (node->description().id == id) return node->restore(entry);
  }
  SLUICE_ASSERT(false, "state for a node that is not in this task");
}

Status Task::assign_splits(size_t source_input, std::vector<SplitStart> splits) {
  for (const Reader& reader : readers_) {
    if (reader.source_input == source_input) return reader.reader->assign(std::move(splits));
  }
  SLUICE_ASSERT(false, "splits of a source that the task does not read");
}

Status Task::close() {
  for (const Reader& reader : readers_) SLUICE_TRY(reader.reader->close());
  for (const auto& node : nodes_) SLUICE_TRY(node->close());
  return {};
}

int64_t Task::next_emission_us() const {
  int64_t next_us = INT64_MAX;
  for (const auto& node : nodes_) next_us = std::min(next_us, node->next_emission_us());
  return next_us;
}

// Nodes call those behind them, which come later in the list: the last is the one that all wait
// for.
std::string Task::busy_step() const {
  const auto busy = std::find_if(nodes_.rbegin(), nodes_.rend(),
                                 [](const auto& node) { return node->is_busy(); });
  return busy == nodes_.rend() ? std::string() : (*busy)->description().name;
}

void Task::post_barrier(const CheckpointBarrier& barrier) {
  const std::lock_guard lock(posts_mutex_);
  posted_barrier_ = barrier;
  has_posts_ = true;
}

void Task::post_splits(size_t source_input, std::vector<SplitStart> splits) {
  const std::lock_guard lock(posts_mutex_);
  posted_splits_.emplace_back(source_input, std::move(splits));
  has_posts_ = true;
}

void Task::post_dead_letters(std::vector<DeadLetter> letters) {
  const std::lock_guard lock(posts_mutex_);
  std::move(letters.begin(), letters.end(), std::back_inserter(posted_letters_));
  has_posts_ = true;
}

Status Task::handle_posts() {
  if (!has_posts_.load(std::memory_order_acquire)) return {};
  std::optional<CheckpointBarrier> barrier;
  std::vector<std::pair<size_t, std::vector<SplitStart>>> splits;
  std::vector<DeadLetter> letters;
  {
    const std::lock_guard lock(posts_mutex_);
    barrier = std::exchange(posted_barrier_, std::nullopt);
    splits.swap(posted_splits_);
    letters.swap(posted_letters_);
    has_posts_ = false;
  }
  for (DeadLetter& letter : letters) SLUICE_TRY(dead_letters_->letters().add(std::move(letter)));
  for (auto& [source_input, starts] : splits) {
    SLUICE_TRY(assign_splits(source_input, std::move(starts)));
  }
  if (!barrier) return {};
  for (size_t i = 0; i < readers_.size(); ++i) {
    // A final watermark belongs before the final barrier.
    ReaderOutput output(*this, readers_[i]);
    if (const auto advanced = readers_[i].reader->advance_watermarks(output); !advanced) {
      return fail(advanced.error());
    }
    SLUICE_TRY(arrive(channels_.size() + i, *barrier));
  }
  return {};
}

bool Task::has_room() const {
  for (const Channel* output : outputs_) {
    if (!output->has_room()) return false;
  }
  return true;
}

Result<Task::Step> Task::step() {
  SLUICE_ASSIGN(const Step step, step_inputs());
  if (coordinator_.writes_through()) SLUICE_TRY(send_held());
  return step;
}

bool Task::holds_rows() const {
  return dead_letters_->holds_rows() ||
         std::any_of(nodes_.begin(), nodes_.end(),
                     [](const auto& node) { return node->holds_rows(); });
}

int64_t Task::next_step_in_us() const {
  if (!coordinator_.writes_through() || !holds_rows()) return INT64_MAX;
  return std::max<int64_t>(0, next_send_us_ - clock_->monotonic_us());
}

Status Task::send_held() {
  const int64_t now_us = clock_->monotonic_us();
  if (now_us < next_send_us_ || !holds_rows()) return {};
  for (const auto& node : nodes_) SLUICE_TRY(node->send_held());
  // Last: sending rows may make letters.
  SLUICE_TRY(dead_letters_->send_held());
  const int64_t sent_us = clock_->monotonic_us();
  next_send_us_ = sent_us + linger_us(sent_us - now_us);
  return {};
}

Result<Task::Step> Task::step_inputs() {
  SLUICE_TRY(handle_posts());
  if (!has_room()) return Step::waits_for_room;
  const size_t inputs = channels_.size() + readers_.size();
  Step outcome = Step::waits_for_input;
  for (size_t i = 0; i < inputs; ++i) {
    const size_t input = next_input_;
    next_input_ = (next_input_ + 1) % inputs;
    SLUICE_ASSIGN(const Step step, step_input(input));
    if (step == Step::worked) {
      SLUICE_TRY(dead_letters_->letters().flush());
      return Step::worked;
    }
    if (step == Step::waits_for_barrier) outcome = step;
  }
  return outcome;
}

Result<Task::Step> Task::step_input(size_t input) {
  if (aligner_->is_held(input)) return Step::waits_for_barrier;
  if (input < channels_.size()) {
    std::optional<StreamElement> element = channels_[input].channel->pop();
    if (!element) return Step::waits_for_input;
    SLUICE_TRY(receive(input, std::move(*element)));
    return Step::worked;
  }
  if (sources_stopped_) {
    ReaderOutput output(*this, readers_[input - channels_.size()]);
    SLUICE_ASSIGN(const bool advanced,
                  readers_[input - channels_.size()].reader->advance_watermarks(output));
    return advanced ? Step::worked : Step::waits_for_input;
  }
  const size_t reader = input - channels_.size();
  if (coordinator_.is_spool_full(epoch_) || readers_[reader].reader->is_epoch_full() ||
      dead_letters_->letters().is_over_limit())
    return Step::waits_for_barrier;
  SLUICE_ASSIGN(const bool worked, poll_source(reader));
  return worked ? Step::worked : Step::waits_for_input;
}

Status Task::receive(size_t input, StreamElement element) {
  const ChannelInput& from = channels_[input];
  TaskNode& node = *nodes_[from.node];
  if (const auto* batch = std::get_if<RecordBatch>(&element))
    return node.process(from.port, *batch);
  if (const auto* watermark = std::get_if<Watermark>(&element))
    return node.advance(from.contribution, *watermark);
  return arrive(input, std::get<CheckpointBarrier>(element));
}

Result<bool> Task::poll_source(size_t index) {
  Reader& reader = readers_[index];
  ReaderOutput output(*this, reader);
  SLUICE_ASSIGN(const bool worked, reader.reader->poll(output));
  update_gauges();
  return worked;
}

void Task::note_movements() {
  uint64_t movements = 0;
  for (const Reader& reader : readers_) movements += reader.reader->movements();
  movements_ = movements;
}

void Task::update_gauges() {
  note_movements();
  uint64_t records = 0;
  int64_t lag = 0;
  for (const Reader& reader : readers_) {
    records += reader.reader->records_read();
    lag += reader.reader->measure_lag();
  }
  records_read_ = records;
  lag_ = lag;
}

Status Task::arrive(size_t input, const CheckpointBarrier& barrier) {
  const std::optional<CheckpointBarrier> aligned = aligner_->arrive(input, barrier);
  return aligned ? take_checkpoint(*aligned) : Status{};
}

Status Task::take_checkpoint(const CheckpointBarrier& barrier) {
  StateBuffer state(coordinator_.next_snapshot_kind(), memory_);
  for (const auto& node : nodes_) SLUICE_TRY(node->pass_barrier(barrier, state));
  SLUICE_TRY(state.finish());
  SLUICE_TRY(dead_letters_->end_epoch());
  TaskSnapshot snapshot{{barrier.epoch, std::move(state), {}}, {}, next_emission_us()};
  for (const Reader& reader : readers_) {
    std::vector<SavedSplit> splits = reader.reader->save();
    std::move(splits.begin(), splits.end(), std::back_inserter(snapshot.part.splits));
    for (const auto& [scan, watermark_us] : reader.reader->sent_watermarks()) {
      snapshot.sent_watermarks[scan] = watermark_us;
    }
    snapshot.part.oldest_record_us =
        std::min(snapshot.part.oldest_record_us, reader.reader->oldest_record_us());
    reader.reader->start_epoch();
  }
  epoch_ = Epoch(barrier.epoch.value + 1);
  for (Channel* output : outputs_) output->push(barrier);
  listener_.on_snapshot(index_, std::move(snapshot));
  return {};
}

}  // namespace sluice
