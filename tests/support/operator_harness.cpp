#include "support/operator_harness.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/checksum.hpp"
#include "data/row_codec.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {

namespace {

constexpr int64_t start_us = 1'704'067'200'000'000;  // 2024-01-01

// The rows of a batch that each instance gets.
std::vector<std::vector<uint32_t>> distribute(const HarnessPort& port, const RecordBatch& batch,
                                              size_t instances) {
  std::vector<Type> types;
  for (const size_t key : port.hash_keys) types.push_back((*port.schema)[key].type);
  const RowCodec codec(types);
  std::vector<std::vector<uint32_t>> rows(instances);
  for (uint32_t row = 0; row < batch.rows(); ++row) {
    std::string key;
    codec.encode_key(batch, port.hash_keys, row, key);
    const KeyGroup group = key_group_of(key);
    rows[owner_of(group, static_cast<uint32_t>(instances))].push_back(row);
  }
  return rows;
}

// What is left of the changes, sorted.
std::vector<std::string> fold(const std::vector<RecordBatch>& batches,
                              const std::optional<std::vector<size_t>>& key) {
  std::map<std::string, std::string> by_key;
  std::map<std::string, int64_t> counts;
  for (const RecordBatch& batch : batches) {
    const std::vector<std::string> texts = row_texts(batch);
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const std::string text = texts[row].substr(3);
      const bool adds = is_addition(batch.kind(row));
      if (!key) {
        counts[text] += adds ? 1 : -1;
        continue;
      }
      std::string key_text;
      for (const size_t column : *key) {
        const RecordBatch cell(std::make_shared<Schema>(std::vector{(*batch.schema())[column]}),
                               {gather(batch.column(column), {row})}, 1);
        key_text += row_texts(cell).front() + "|";
      }
      if (adds) by_key[key_text] = text;
      if (!adds) by_key.erase(key_text);
    }
  }
  std::vector<std::string> folded;
  for (const auto& [unused, text] : by_key) folded.push_back(text);
  for (const auto& [text, count] : counts) {
    EXPECT_GE(count, 0) << "taken back without having been sent: " << text;
    for (int64_t i = 0; i < count; ++i) folded.push_back(text);
  }
  std::sort(folded.begin(), folded.end());
  return folded;
}

}  // namespace

// One way of running the case: its instances and what they gave, also those that were replaced.
class OperatorHarness::Run {
 public:
  Run(const OperatorHarness& harness, const Way& way)
      : harness_(harness), way_(way), log_(make_null_log()) {}

  Status start() { return make_instances(way_.parallelism.front()); }

  Status take(const Element& element) {
    if (const auto* input = std::get_if<Input>(&element)) return process(*input);
    if (const auto* watermark = std::get_if<Watermark>(&element)) {
      for (const auto& instance : instances_) SLUICE_TRY(instance->advance(*watermark));
      return {};
    }
    if (const auto* barrier = std::get_if<CheckpointBarrier>(&element)) {
      barrier_time_us_ = barrier->time_us;
      return arrive(barrier->final);
    }
    if (const auto* change = std::get_if<OutsideChange>(&element)) (*change)();
    if (const auto* advance = std::get_if<ClockAdvance>(&element))
      clock_.advance_us(advance->duration_us);
    return {};
  }

  // A barrier, and what the way does at one.
  Status arrive(bool final) {
    const CheckpointBarrier barrier{Epoch(++epoch_), barrier_time_us_, final};
    for (const auto& instance : instances_) {
      SLUICE_TRY(instance->arrive(barrier));
      EXPECT_EQ(instance->imbalance(), "") << "at barrier " << epoch_;
      // The first snapshot is full, as there is nothing to change yet.
      const SnapshotKind kind = epoch_ == 1 ? SnapshotKind::full : way_.kind;
      SLUICE_TRY(instance->snapshot(kind, state_));
    }
    if (way_.kind == SnapshotKind::delta) SLUICE_TRY(check_against_full());
    return way_.restores ? replace_instances() : Status{};
  }

  HarnessResult finish() {
    for (const auto& instance : instances_) {
      result_.memory_bytes += instance->memory_bytes();
      EXPECT_TRUE(instance->close().has_value());
      keep_output(*instance);
    }
    result_.saved_entries = state_.entries().size();
    result_.folded = fold(result_.batches, harness_.fold_key_);
    std::sort(result_.dead_letters.begin(), result_.dead_letters.end());
    return std::move(result_);
  }

 private:
  Status process(const Input& input) {
    const HarnessPort& port = harness_.ports_[input.port];
    const auto rows = distribute(port, input.batch, instances_.size());
    for (size_t i = 0; i < instances_.size(); ++i) {
      if (rows[i].empty()) continue;
      const bool is_all = rows[i].size() == input.batch.rows();
      SLUICE_TRY(
          instances_[i]->process(input.port, is_all ? input.batch : input.batch.gather(rows[i])));
    }
    return {};
  }

  Status make_instances(uint32_t parallelism) {
    const Environment environment{&clock_, nullptr, &failpoints_, log_.get()};
    for (uint32_t task = 0; task < parallelism; ++task) {
      instances_.push_back(std::make_unique<OperatorInstance>(
          *harness_.operation_, environment, harness_.zone_,
          KeyGroupRange::of_task(task, parallelism), harness_.budget_bytes_));
      SLUICE_TRY(instances_.back()->open());
      SLUICE_TRY(instances_.back()->restore(state_));
    }
    return {};
  }

  Status replace_instances() {
    const int64_t held_before = held();
    for (const auto& instance : instances_) keep_output(*instance);
    instances_.clear();
    SLUICE_TRY(make_instances(way_.parallelism[epoch_ % way_.parallelism.size()]));
    EXPECT_EQ(held(), held_before) << "rows held after the restore at barrier " << epoch_;
    EXPECT_TRUE(held() == 0 || has_memory())
        << "rows are held that are not charged after the restore at barrier " << epoch_;
    return {};
  }

  // The chain of deltas must yield what a full snapshot holds.
  Status check_against_full() {
    SavedState full;
    for (const auto& instance : instances_) {
      SLUICE_TRY(instance->snapshot(SnapshotKind::full, full));
    }
    EXPECT_EQ(full.entries().size(), state_.entries().size()) << "at barrier " << epoch_;
    EXPECT_TRUE(full == state_) << "deltas differ from a full snapshot at barrier " << epoch_;
    return {};
  }

  int64_t held() const {
    int64_t rows = 0;
    for (const auto& instance : instances_) rows += instance->counters().at("held");
    return rows;
  }

  bool has_memory() const {
    return std::any_of(instances_.begin(), instances_.end(),
                       [](const auto& instance) { return instance->memory_bytes() > 0; });
  }

  void keep_output(OperatorInstance& from) {
    std::move(from.changes.begin(), from.changes.end(), std::back_inserter(result_.changes));
    std::move(from.batches.begin(), from.batches.end(), std::back_inserter(result_.batches));
    std::move(from.dead_letters.begin(), from.dead_letters.end(),
              std::back_inserter(result_.dead_letters));
    for (const auto& [name, value] : from.counters()) result_.counters[name] += value;
  }

  const OperatorHarness& harness_;
  const Way& way_;
  VirtualClock clock_{start_us};
  Failpoints failpoints_;
  std::unique_ptr<Log> log_;
  SavedState state_;
  std::vector<std::unique_ptr<OperatorInstance>> instances_;
  HarnessResult result_;
  uint64_t epoch_ = 0;
  int64_t barrier_time_us_ = start_us;
};

OperatorHarness::OperatorHarness(std::shared_ptr<const OperatorDescription> operation,
                                 std::vector<HarnessPort> ports)
    : operation_(std::move(operation)), ports_(std::move(ports)) {}

OperatorHarness& OperatorHarness::fold_by(std::vector<size_t> key) {
  fold_key_ = std::move(key);
  return *this;
}

OperatorHarness& OperatorHarness::zone(std::string_view name) {
  zone_ = TimeZone::load(name).value();
  return *this;
}

OperatorHarness& OperatorHarness::before_each(std::function<void()> prepare) {
  prepare_ = std::move(prepare);
  return *this;
}

OperatorHarness& OperatorHarness::budget(uint64_t bytes) {
  budget_bytes_ = bytes;
  return *this;
}

OperatorHarness& OperatorHarness::rows(std::string_view lines, size_t port) {
  return batch(read_rows(ports_[port].schema, lines), port);
}

OperatorHarness& OperatorHarness::batch(RecordBatch batch, size_t port) {
  elements_.emplace_back(Input{port, std::move(batch)});
  return *this;
}

OperatorHarness& OperatorHarness::watermark(std::string_view time) {
  return watermark(time == "final" ? Watermark::final() : Watermark::at(time_us(time)));
}

OperatorHarness& OperatorHarness::watermark(Watermark watermark) {
  elements_.emplace_back(watermark);
  return *this;
}

OperatorHarness& OperatorHarness::barrier(std::string_view time, bool final) {
  elements_.emplace_back(CheckpointBarrier{Epoch(), time_us(time), final});
  return *this;
}

OperatorHarness& OperatorHarness::advance_clock(int64_t duration_us) {
  elements_.emplace_back(ClockAdvance{duration_us});
  return *this;
}

OperatorHarness& OperatorHarness::change_outside(std::function<void()> change) {
  elements_.emplace_back(OutsideChange(std::move(change)));
  return *this;
}

std::vector<OperatorHarness::Element> OperatorHarness::row_by_row() const {
  std::vector<Element> result;
  for (const Element& element : elements_) {
    const auto* input = std::get_if<Input>(&element);
    if (input == nullptr) {
      result.push_back(element);
      continue;
    }
    for (size_t row = 0; row < input->batch.rows(); ++row) {
      result.emplace_back(Input{input->port, input->batch.slice(row, 1)});
    }
  }
  return result;
}

std::vector<OperatorHarness::Element> OperatorHarness::at_once() const {
  std::vector<Element> result;
  for (const Element& element : elements_) {
    const auto* input = std::get_if<Input>(&element);
    auto* last = result.empty() ? nullptr : std::get_if<Input>(&result.back());
    if (input != nullptr && last != nullptr && last->port == input->port) {
      last->batch = concatenate({last->batch, input->batch});
    } else {
      result.push_back(element);
    }
  }
  return result;
}

HarnessResult OperatorHarness::run(const Way& way, const std::vector<Element>& elements) {
  SCOPED_TRACE("run " + way.name);
  if (prepare_) prepare_();
  Run run(*this, way);
  Status status = run.start();
  for (size_t i = 0; i < elements.size() && status; ++i) {
    const auto* input = std::get_if<Input>(&elements[i]);
    if (input != nullptr && input->batch.empty()) continue;
    status = run.take(elements[i]);
    const bool is_barrier = std::holds_alternative<CheckpointBarrier>(elements[i]);
    if (status && way.restores && !is_barrier) status = run.arrive(false);
  }
  if (status) status = run.arrive(false);
  HarnessResult result = run.finish();
  if (!status) result.error = status.error();
  return result;
}

void OperatorHarness::compare(const Way& way, const HarnessResult& expected,
                              const HarnessResult& actual) const {
  SCOPED_TRACE("run " + way.name);
  EXPECT_FALSE(actual.error.has_value()) << actual.error->to_string();
  EXPECT_EQ(actual.folded, expected.folded);
  EXPECT_EQ(actual.dead_letters, expected.dead_letters);
}

HarnessResult OperatorHarness::run() {
  const Way as_written{"as written"};
  const HarnessResult expected = run(as_written, elements_);
  EXPECT_FALSE(expected.error.has_value()) << expected.error->to_string();
  const std::vector<Way> ways = {
      {"row by row"},
      {"with deltas", {1}, false, SnapshotKind::delta},
      {"on three instances", {3}, false, SnapshotKind::delta},
      {"restoring full snapshots", {1}, true, SnapshotKind::full},
      {"restoring deltas", {1}, true, SnapshotKind::delta},
      {"restoring on 1, 3 and 2 instances", {1, 3, 2}, true, SnapshotKind::full},
      {"restoring deltas on 2 and 3 instances", {2, 3}, true, SnapshotKind::delta},
  };
  for (const Way& way : ways) {
    const bool splits = way.name != "with deltas" && way.name != "on three instances";
    compare(way, expected, run(way, splits ? row_by_row() : elements_));
  }
  const Way at_once_way{"all at once"};
  compare(at_once_way, expected, run(at_once_way, at_once()));
  return expected;
}

HarnessResult OperatorHarness::run_once() { return run({"as written"}, elements_); }

}  // namespace sluice::test
