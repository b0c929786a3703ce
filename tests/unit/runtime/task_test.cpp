// Tasks one step at a time: two slots that each read a partition of numbers, `first` in the task
// that reads, `second` behind an exchange by an empty key, so that one slot gets all rows.
#include "runtime/task.hpp"

#include <gmock/gmock.h>

#include <map>

#include "runtime/dead_letter_writer.hpp"
#include "runtime/hash_router.hpp"
#include "runtime/task_environment.hpp"
#include "runtime/task_set.hpp"
#include "support/fake_filesystem.hpp"
#include "support/test_rows.hpp"
#include "unit/runtime/fake_stream.hpp"
#include "unit/runtime/kept_operator.hpp"
#include "unit/runtime/number_format.hpp"

namespace sluice {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Step = Task::Step;

class TaskTest : public testing::Test, private TaskListener, private Waker {
 protected:
  static constexpr uint32_t slots = 2;

  TaskTest() {
    CheckpointSettings settings;
    settings.folder = "state/main.p";
    settings.pipeline_id = "main.p";
    settings.publish_in_background = false;
    coordinator_ =
        CheckpointCoordinator::open(settings, {}, environment_, counters_, memory_).value();
    add_nodes();
    const auto parts = HashRouter(*schema_, {}, slots).route(test::read_rows(schema_, "1"));
    slot_ = parts[0].empty() ? 1 : 0;
  }

  void start(const ReadLimits& limits = {}) {
    const TaskEnvironment tasks{.environment = environment_,
                                .memory = &memory_,
                                .counters = &counters_,
                                .zone = &zone_,
                                .coordinator = coordinator_.get(),
                                .dead_letter_limit = &dead_letters_,
                                .listener = this,
                                .pipeline_id = "main.p",
                                .limits = limits};
    tasks_ = TaskSet::build(graph_, slots, tasks, {this, this}).value();
    tasks_->tracker().expect_partitions(0, slots);
    for (uint32_t slot = 0; slot < slots; ++slot) {
      const auto origin = std::make_shared<Origin>(Origin{"numbers", static_cast<int32_t>(slot)});
      ASSERT_TRUE(reader(slot).assign_splits(0, {{{origin, {}}, {}, false}}).has_value());
    }
  }

  Task& reader(uint32_t slot) { return tasks_->reader_task(0, slot); }
  // The one that gets the rows.
  Task& receiver() { return tasks_->task(slots + slot_); }

  // One step, of which no error is expected.
  static Step step(Task& task) {
    const Result<Step> step = task.step();
    EXPECT_TRUE(step.has_value()) << step.error().to_string();
    return step.value_or(Step::waits_for_input);
  }
  // Until it can go no further; why.
  static Step run(Task& task) {
    Step last = step(task);
    while (last == Step::worked) last = step(task);
    return last;
  }
  void pass_barrier(uint32_t slot, uint64_t epoch = 1, bool is_final = false) {
    reader(slot).post_barrier({Epoch(epoch), 0, is_final});
    step(reader(slot));
  }
  std::string error_of(Task& task) {
    while (true) {
      const Result<Step> step = task.step();
      if (!step) return step.error().message;
      if (*step != Step::worked) return "no error";
    }
  }
  const std::vector<std::string>& received() const { return second_.of_slot[slot_]; }
  bool has_handed_over(const Task& task) {
    for (const auto& [index, snapshot] : snapshots_) {
      if (&tasks_->task(index) == &task) return true;
    }
    return false;
  }
  const TaskSnapshot& snapshot_of_reader(uint32_t slot) const { return snapshots_.at(slot); }

  test::FakeStream stream_;
  test::KeptLog first_;
  test::KeptLog second_;
  std::unique_ptr<TaskSet> tasks_;

 private:
  void on_snapshot(size_t task, TaskSnapshot snapshot) override {
    snapshots_.insert_or_assign(task, std::move(snapshot));
  }
  void wake() override {}

  void add_nodes() {
    graph_.pipeline = "p";
    graph_.sources = {{test::describe(stream_), "numbers", "here/stream"}};
    ScanVertex scan;
    scan.format = &format_;
    scan.spec.schema = schema_;
    scan.has_event_time = true;
    add_node("numbers", scan, {});
    add_node("first", OperatorVertex{test::describe(first_, schema_)}, {{NodeId(0), {}, {}}});
    add_node("second", OperatorVertex{test::describe(second_, schema_)},
             {{NodeId(1), StreamEdge::Distribution::hash, {}}});
  }
  void add_node(const char* name, std::variant<ScanVertex, OperatorVertex, SinkVertex> vertex,
                std::vector<StreamEdge> inputs) {
    StreamNode node;
    node.id = NodeId(static_cast<uint32_t>(graph_.nodes.size()));
    node.name = name;
    node.part = "kept";
    node.node = std::move(vertex);
    node.inputs = std::move(inputs);
    node.schema = schema_;
    graph_.nodes.push_back(std::move(node));
  }

  const SchemaPtr schema_ = test::schema_of("n bigint");
  test::NumberFormat format_;
  test::FakeFilesystem files_;
  VirtualClock clock_{1'700'000'000'000'000};
  Failpoints failpoints_;
  std::unique_ptr<Log> log_ = make_null_log();
  Environment environment_{&clock_, &files_, &failpoints_, log_.get()};
  Counters counters_;
  MemoryPool memory_{uint64_t{16} << 20};
  TimeZone zone_;
  DeadLetterLimit dead_letters_{0, 0, clock_};
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  StreamGraph graph_;
  uint32_t slot_ = 0;  // of the empty key
  std::map<size_t, TaskSnapshot> snapshots_;
};

TEST_F(TaskTest, HoldsAnInputWhoseBarrierHasComeUntilItHasComeOnAll) {
  start();
  stream_.records = {{0, {"10"}}, {1, {"20"}}};
  step(reader(0));
  pass_barrier(0);
  stream_.records[0].emplace_back("11");
  step(reader(0));
  EXPECT_EQ(run(receiver()), Step::waits_for_barrier);
  EXPECT_THAT(received(), ElementsAre("+I 10"));
  EXPECT_FALSE(has_handed_over(receiver()));

  step(reader(1));
  pass_barrier(1);
  EXPECT_EQ(run(receiver()), Step::waits_for_input);
  EXPECT_THAT(received(), ElementsAre("+I 10", "+I 20", "barrier 1", "snapshot", "+I 11"));
  EXPECT_TRUE(has_handed_over(receiver()));
}

TEST_F(TaskTest, TakesRowsWatermarksAndBarriersInTheirOrder) {
  start();
  stream_.records = {{0, {"10"}}, {1, {"20"}}};
  step(reader(0));
  step(reader(1));
  pass_barrier(0);
  pass_barrier(1);
  run(receiver());
  run(tasks_->task(2 * slots - 1 - (&receiver() == &tasks_->task(slots) ? 0 : 1)));
  EXPECT_THAT(first_.of_slot[0], ElementsAre("+I 10", "watermark 10", "barrier 1", "snapshot"));
  EXPECT_THAT(first_.of_slot[1], ElementsAre("+I 20", "watermark 10", "barrier 1", "snapshot"));
  EXPECT_THAT(received(), ElementsAre("+I 10", "+I 20", "watermark 10", "barrier 1", "snapshot"));
  EXPECT_THAT(second_.of_slot[&received() == &second_.of_slot[0] ? 1 : 0],
              ElementsAre("watermark 10", "barrier 1", "snapshot"));
}

TEST_F(TaskTest, AWatermarkIsTheLeastOfAllInputs) {
  start();
  stream_.records = {{0, {"10"}}, {1, {"20"}}};
  step(reader(0));
  step(reader(1));
  run(receiver());
  EXPECT_THAT(first_.of_slot[1], Contains("watermark 10"));
  EXPECT_THAT(received(), ElementsAre("+I 10", "+I 20"));
  step(reader(0));
  run(receiver());
  EXPECT_THAT(received(), ElementsAre("+I 10", "+I 20", "watermark 10"));
}

TEST_F(TaskTest, TheFinalWatermarkComesBeforeTheFinalBarrier) {
  start();
  stream_.records = {{0, {"10"}}};
  step(reader(0));
  for (uint32_t slot = 0; slot < slots; ++slot) reader(slot).stop_sources();
  tasks_->tracker().close();
  for (uint32_t slot = 0; slot < slots; ++slot) pass_barrier(slot, 1, true);
  run(receiver());
  EXPECT_THAT(received(), ElementsAre("+I 10", "watermark end", "barrier 1 final", "snapshot"));
}

TEST_F(TaskTest, AStopInBetweenReadsNoFurtherAndSavesHowFarItHasRead) {
  ReadLimits limits;
  limits.batch_records = 1;
  start(limits);
  stream_.records = {{0, {"1", "2", "3"}}};
  step(reader(0));
  step(reader(0));
  reader(0).stop_sources();
  EXPECT_EQ(run(reader(0)), Step::waits_for_input);
  for (uint32_t slot = 0; slot < slots; ++slot) pass_barrier(slot, 1, true);
  run(receiver());
  EXPECT_THAT(received(), ElementsAre("+I 1", "+I 2", "barrier 1 final", "snapshot"));
  const std::vector<SavedSplit>& splits = snapshot_of_reader(0).part.splits;
  ASSERT_EQ(splits.size(), 1u);
  EXPECT_EQ(splits[0].position.next_offset, 2);
}

TEST_F(TaskTest, HandsOverWhatItsSourceHasReadAndSentAndWhenItMustBeAskedAgain) {
  start();
  stream_.records = {{0, {"10", "30"}}, {1, {"20"}}};
  first_.next_emission_us = 77;
  step(reader(0));
  step(reader(1));
  pass_barrier(0, 3);
  const TaskSnapshot& snapshot = snapshot_of_reader(0);
  EXPECT_EQ(snapshot.part.epoch, Epoch(3));
  EXPECT_EQ(snapshot.part.oldest_record_us, 1'000);
  EXPECT_EQ(snapshot.sent_watermarks.at("numbers"), 20);
  EXPECT_EQ(snapshot.next_emission_us, 77);
  ASSERT_EQ(snapshot.part.splits.size(), 1u);
  EXPECT_EQ(snapshot.part.splits[0].position.next_offset, 2);
  EXPECT_EQ(snapshot.part.splits[0].clocks.at("numbers").watermark_us, 30);
}

TEST_F(TaskTest, WaitsForRoomWhileItsOutputIsFullAndLetsABarrierPassAllTheSame) {
  ReadLimits limits;
  limits.batch_records = 1;
  start(limits);
  stream_.records[0].assign(2 * Channel::capacity_elements, "1");
  EXPECT_EQ(run(reader(0)), Step::waits_for_room);
  EXPECT_EQ(reader(0).records_read(), Channel::capacity_elements);
  pass_barrier(0);
  EXPECT_TRUE(has_handed_over(reader(0)));
  EXPECT_EQ(reader(0).records_read(), Channel::capacity_elements);
  pass_barrier(1);
  run(receiver());
  EXPECT_EQ(step(reader(0)), Step::worked);
}

TEST_F(TaskTest, AFullEpochWaitsForTheNextBarrier) {
  ReadLimits limits;
  limits.batch_records = 1;
  limits.epoch_records = 2;
  start(limits);
  stream_.records[0] = {"1", "2", "3"};
  EXPECT_EQ(run(reader(0)), Step::waits_for_barrier);
  EXPECT_EQ(reader(0).records_read(), 2u);
  reader(0).post_barrier({Epoch(1), 0, false});
  EXPECT_EQ(run(reader(0)), Step::waits_for_input);
  EXPECT_THAT(first_.of_slot[0], ElementsAre("+I 1", "+I 2", "barrier 1", "snapshot", "+I 3"));
}

TEST_F(TaskTest, AnErrorOfAnOperatorIsTheStepsAndNothingIsHandedOver) {
  for (const char* event : {"+I 10", "watermark", "barrier", "snapshot"}) {
    SCOPED_TRACE(event);
    second_ = {};
    second_.fails_at = event;
    start();
    stream_.records = {{0, {"10"}}, {1, {"20"}}};
    for (uint32_t slot = 0; slot < slots; ++slot) step(reader(slot));
    for (uint32_t slot = 0; slot < slots; ++slot) pass_barrier(slot);
    EXPECT_THAT(error_of(receiver()), StartsWith(std::string("failed at ") + event));
    EXPECT_FALSE(has_handed_over(receiver()));
  }
}

TEST_F(TaskTest, ABarrierAtWhichItFailsGoesNoFurther) {
  start();
  first_.fails_at = "snapshot";
  reader(0).post_barrier({Epoch(1), 0, false});
  EXPECT_EQ(error_of(reader(0)), "failed at snapshot");
  EXPECT_FALSE(has_handed_over(reader(0)));
  first_.fails_at.clear();
  pass_barrier(1);
  run(receiver());
  EXPECT_THAT(received(), IsEmpty());
  EXPECT_FALSE(has_handed_over(receiver()));
}

TEST_F(TaskTest, NamesTheStepThatIsAtWork) {
  start();
  stream_.records = {{0, {"10"}}};
  std::string busy;
  first_.look = [&] { busy = reader(0).busy_step(); };
  step(reader(0));
  EXPECT_EQ(busy, "first");
  second_.look = [&] { busy = receiver().busy_step(); };
  run(receiver());
  EXPECT_EQ(busy, "second");
  EXPECT_EQ(receiver().busy_step(), "");
}

}  // namespace
}  // namespace sluice
