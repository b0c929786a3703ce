#include "unit/checkpoint/simulated_pipeline.hpp"

#include <algorithm>

namespace sluice::test {

namespace {

constexpr uint64_t state_keys = 10;
constexpr uint32_t row_sink = 0;
constexpr uint32_t letter_sink = 1;
constexpr char row_definition[] = "rows";
constexpr char letter_definition[] = "letters";
// Publishes in two visible chunks and refuses nothing.
constexpr char chunked[] = "cache";

// What state holds for a key when every record before `offset` has been read.
std::string state_at(uint64_t key, uint64_t offset) {
  const uint64_t last = offset - 1 - (offset - 1 + state_keys - key) % state_keys;
  return std::to_string(last);
}

}  // namespace

SimulatedPipeline::SimulatedPipeline(uint64_t seed)
    : world_({"db", "kafka", chunked}), random_(seed) {
  world_.settings.full_snapshot_every = 4;
  for (CheckpointTarget& target : world_.targets) {
    target.sinks = {{"rows of " + target.name, row_definition, false},
                    {"letters", letter_definition, true}};
    if (target.name == chunked) continue;
    world_.target(target.name).reject([this](const std::string& bytes) {
      return is_strict_ && bytes.starts_with("row ") && may_be_refused(record_of(bytes));
    });
  }
  world_.target(chunked).set_chunked(true);
}

std::string SimulatedPipeline::operation(uint64_t record, uint64_t run) {
  return "row " + std::to_string(record) + " run " + std::to_string(run);
}

uint64_t SimulatedPipeline::record_of(const std::string& operation) {
  return std::stoull(operation.substr(4));
}

bool SimulatedPipeline::start() {
  auto opened = world_.try_open();
  if (!opened) {
    // Whatever the faults, they may never look like damage or like somebody else's work.
    EXPECT_EQ(opened.error().domain(), ErrorDomain::external) << opened.error().to_string();
    EXPECT_TRUE(opened.error().code == ErrorCode::io_failed || opened.error().retry == Retry::later)
        << opened.error().to_string();
    return false;
  }
  coordinator_ = std::move(*opened);
  ++run_;
  offset_ = 0;
  const auto& restored = coordinator_->restored();
  if (restored) {
    offset_ = static_cast<uint64_t>(restored->progress.splits[0].position.next_offset);
  }
  EXPECT_TRUE(possible_ends_.contains(offset_)) << offset_;
  possible_ends_.erase(possible_ends_.upper_bound(offset_), possible_ends_.end());
  check_state();
  dirty_.clear();
  if (!fold_rejects()) crash();
  return is_running();
}

// As a run does before each barrier: letters belong to the epoch that is current.
bool SimulatedPipeline::fold_rejects() {
  for (const DeadLetter& letter : coordinator_->take_rejects()) {
    const std::string bytes = "letter " + letter.step + ": " + letter.error.message;
    if (!coordinator_->spool(1, letter_sink, coordinator_->current_epoch(), framed({bytes}), 1)) {
      return false;
    }
  }
  return true;
}

bool SimulatedPipeline::process(uint64_t records) {
  std::vector<std::string> operations;
  for (uint64_t i = 0; i < records; ++i) {
    dirty_.insert(offset_ % state_keys);
    operations.push_back(operation(offset_++, run_));
  }
  for (size_t target = 0; target < world_.targets.size(); ++target) {
    if (!coordinator_->spool(target, row_sink, coordinator_->current_epoch(), framed(operations),
                             operations.size())) {
      crash();
      return false;
    }
  }
  return true;
}

void SimulatedPipeline::write_state(StateBuffer& buffer) {
  buffer.begin_node("step/count");
  for (uint64_t key = 0; key < std::min(state_keys, offset_); ++key) {
    if (buffer.kind() == SnapshotKind::delta && !dirty_.contains(key)) continue;
    buffer.put(0, KeyGroup(static_cast<uint16_t>(key)), std::to_string(key),
               state_at(key, offset_));
  }
  EXPECT_TRUE(buffer.finish());
  dirty_.clear();
}

bool SimulatedPipeline::checkpoint(bool abandons) {
  if (!coordinator_->may_begin()) return true;
  if (!fold_rejects()) {
    crash();
    return false;
  }
  const Epoch epoch = coordinator_->current_epoch();
  possible_ends_.insert(offset_);
  Status status = coordinator_->begin();
  // Publishing goes on while the barrier travels.
  if (random_() % 3 == 0) coordinator_->wait_published(0);
  if (status) {
    TaskPart part{epoch, StateBuffer(coordinator_->next_snapshot_kind(), world_.memory), {}};
    write_state(part.state);
    if (abandons) {
      status = coordinator_->abandon();
    } else {
      std::vector<TaskPart> parts;
      parts.push_back(std::move(part));
      status = coordinator_->complete(
          std::move(parts), CoordinatorHarness::progress_at(static_cast<int64_t>(offset_)), false);
    }
  }
  if (!status) crash();
  return is_running();
}

void SimulatedPipeline::publish() {
  coordinator_->wait_published(0);
  if (coordinator_->failure()) crash();
}

void SimulatedPipeline::finish() {
  for (const auto& [name, system] : world_.systems) {
    system->set_down(false);
    system->plan({});
  }
  if (!is_running() && !start()) {
    ADD_FAILURE() << "it does not start without faults";
    return;
  }
  do {
    EXPECT_TRUE(coordinator_->wait_published(0));
    ASSERT_TRUE(process(3));
    ASSERT_TRUE(checkpoint());
    EXPECT_TRUE(coordinator_->wait_published(0));
  } while (coordinator_->has_rejects());
  for (const CheckpointTarget& target : world_.targets) check_reckoning(target.name);
}

void SimulatedPipeline::check() const {
  for (const CheckpointTarget& target : world_.targets) check_rows(target.name);
  EXPECT_EQ(world_.files.uses_after_failed_sync(), 0u);
}

void SimulatedPipeline::check_rows(const std::string& target) const {
  const FakeTarget& system = *world_.systems.at(target);
  uint64_t next = 0;
  for (const FakeTarget::Row& row : system.rows()) {
    if (row.sink != row_definition) continue;
    const uint64_t record = record_of(row.bytes);
    while (next < record && target != chunked && may_be_refused(next)) ++next;
    ASSERT_EQ(record, next) << target << " has a hole or a repetition";
    ++next;
  }
  if (target != chunked) {
    // What it refused at the end of its last epoch it does not show.
    if (!possible_ends_.contains(next) && may_be_refused(next)) ++next;
    EXPECT_TRUE(possible_ends_.contains(next)) << target << " shows a torn epoch, up to " << next;
  }
  EXPECT_EQ(system.unresolved_publishes(), 0u) << target;
}

void SimulatedPipeline::check_reckoning(const std::string& target) const {
  std::map<uint64_t, int> times;
  for (const FakeTarget::Row& row : world_.systems.at(target)->rows()) {
    if (row.sink == row_definition) ++times[record_of(row.bytes)];
  }
  const std::string letters_of_target = "letter rows of " + target + ":";
  for (const FakeTarget::Row& row : world_.systems.at("kafka")->rows()) {
    if (row.sink != letter_definition || !row.bytes.starts_with(letters_of_target)) continue;
    ++times[record_of(row.bytes.substr(row.bytes.find("row ")))];
  }
  for (uint64_t record = 0; record < offset_; ++record) {
    EXPECT_EQ(times[record], 1) << "record " << record << " of " << target;
  }
}

void SimulatedPipeline::check_state() {
  std::map<std::string, std::string> state;
  const Status read =
      coordinator_->read_state([&](std::string_view, const StateEntry& entry) -> Status {
        state[std::string(entry.key)] = entry.value;
        return {};
      });
  EXPECT_TRUE(read) << read.error().to_string();
  std::map<std::string, std::string> expected;
  for (uint64_t key = 0; key < std::min(state_keys, offset_); ++key) {
    expected[std::to_string(key)] = state_at(key, offset_);
  }
  EXPECT_EQ(state, expected) << "at offset " << offset_;
}

}  // namespace sluice::test
