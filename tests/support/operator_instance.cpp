#include "support/operator_instance.hpp"

#include <gtest/gtest.h>

#include "env/metrics.hpp"

#include "support/test_rows.hpp"

namespace sluice::test {

namespace {

class Writer final : public StateWriter {
 public:
  Writer(std::map<SavedState::Key, std::string>& entries, SnapshotKind kind, KeyGroupRange range)
      : entries_(entries), kind_(kind), range_(range) {}

  SnapshotKind kind() const override { return kind_; }
  void put(uint8_t table, KeyGroup group, std::string_view key, std::string_view value) override {
    EXPECT_TRUE(range_.contains(group)) << "an entry of another instance's key group";
    entries_[{table, group.value, std::string(key)}] = value;
  }
  void remove(uint8_t table, KeyGroup group, std::string_view key) override {
    EXPECT_EQ(kind_, SnapshotKind::delta) << "a full snapshot removes nothing";
    EXPECT_TRUE(range_.contains(group)) << "an entry of another instance's key group";
    entries_.erase({table, group.value, std::string(key)});
  }

 private:
  std::map<SavedState::Key, std::string>& entries_;
  SnapshotKind kind_;
  KeyGroupRange range_;
};

}  // namespace

Status SavedState::take(Operator& operation, SnapshotKind kind, KeyGroupRange range) {
  if (kind == SnapshotKind::full) {
    std::erase_if(entries_, [&](const auto& entry) {
      return range.contains(KeyGroup(std::get<1>(entry.first)));
    });
  }
  Writer writer(entries_, kind, range);
  return operation.snapshot(writer);
}

Status SavedState::restore(Operator& operation, KeyGroupRange range) const {
  for (const auto& [place, value] : entries_) {
    const auto& [table, group, key] = place;
    if (!range.contains(KeyGroup(group))) continue;
    SLUICE_TRY(operation.restore({table, KeyGroup(group), key, value}));
  }
  return {};
}

OperatorInstance::OperatorInstance(const OperatorDescription& description, Environment environment,
                                   const TimeZone& zone, KeyGroupRange range, uint64_t budget_bytes)
    : counters_(all_counters_, "pipeline", "step", "operator"),
      memory_(budget_bytes),
      zone_(zone),
      context_{environment, &memory_, &zone_, this, &counters_, range},
      schema_(description.output_schema()),
      operation_(description.create()) {}

Status OperatorInstance::open() { return operation_->open(context_); }

Status OperatorInstance::restore(const SavedState& state) {
  SLUICE_TRY(state.restore(*operation_, range()));
  restored_rows_ = counters_.held.value();
  return {};
}

Status OperatorInstance::process(size_t port, const RecordBatch& batch) {
  counters_.in.add(static_cast<int64_t>(batch.rows()));
  return operation_->process(port, batch, *this);
}

Status OperatorInstance::advance(Watermark watermark) {
  return operation_->on_watermark(watermark, *this);
}

Status OperatorInstance::arrive(const CheckpointBarrier& barrier) {
  return operation_->on_barrier(barrier, *this);
}

Status OperatorInstance::snapshot(SnapshotKind kind, SavedState& state) {
  return state.take(*operation_, kind, range());
}

Status OperatorInstance::emit(RecordBatch batch) {
  if (batch.empty()) return {};
  EXPECT_EQ(batch.schema()->to_string(), schema_->to_string());
  counters_.out.add(static_cast<int64_t>(batch.rows()));
  for (std::string& text : row_texts(batch)) changes.push_back(std::move(text));
  batches.push_back(std::move(batch));
  return {};
}

Status OperatorInstance::add(DeadLetter letter) {
  dead_letters.push_back(error_code_text(letter.error.code) + " " + letter.step + ": " +
                         letter.row.value_or("no row"));
  return {};
}

std::map<std::string, int64_t> OperatorInstance::counters() const {
  std::map<std::string, int64_t> values{
      {"in", counters_.in.value()},     {"created", counters_.created.value()},
      {"out", counters_.out.value()},   {"dead", counters_.dead.value()},
      {"held", counters_.held.value()}, {"late", 0},
  };
  for (const Counters::Sample& sample : all_counters_.samples()) {
    if (sample.metric == &metrics::late_records) values["late"] += sample.value;
    if (sample.metric != &metrics::records_dropped) continue;
    for (const auto& [label, value] : sample.labels) {
      if (label == "reason" && sample.value != 0) values["dropped " + value] = sample.value;
    }
  }
  return values;
}

std::string OperatorInstance::imbalance() const {
  std::string text;
  int64_t difference = restored_rows_;
  for (const auto& [name, value] : counters()) {
    difference += name == "in" || name == "created" ? value : -value;
    text += (text.empty() ? "" : ", ") + name + " " + std::to_string(value);
  }
  if (difference == 0) return {};
  return "in + created + restored " + std::to_string(restored_rows_) + " differ by " +
         std::to_string(difference) + " from the rest: " + text;
}

}  // namespace sluice::test
