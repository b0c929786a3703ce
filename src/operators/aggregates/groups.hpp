// Groups: the state of an unwindowed GROUP BY: the aggregates of every key, when it was last
// changed, and the result that was sent for it, so that it can be taken back. Owned by one
// operator's instance, one thread.
#pragma once

#include <string>
#include <vector>

#include "operators/aggregates/aggregate_table.hpp"
#include "operators/aggregates/sent_result.hpp"

namespace sluice {

class Groups final : public StateStore, AggregateCompanion {
 public:
  Groups(const AggregateLayout& layout, bool retractable);

  AggregateTable& table() { return table_; }
  const AggregateTable& table() const { return table_; }
  void intern(const RecordBatch& batch, const BatchKeys& keys, std::span<const uint32_t> rows,
              std::vector<uint32_t>& ids);
  // Adds the keys of a table; their ids here.
  void merge(const AggregateTable& from, std::span<const uint32_t> from_ids,
             std::vector<uint32_t>& ids);
  // The group's result has to be looked at again; `time_us` of the row that changed it.
  void note_change(uint32_t id, int64_t time_us) {
    if (time_us > times_us_[id]) times_us_[id] = time_us;
    table_.mark(id, AggregateTable::Mark::changed);
  }
  bool is_changed(uint32_t id) const { return table_.is_marked(id, AggregateTable::Mark::changed); }
  // The largest row time; INT64_MAX before the first row.
  int64_t time_us(uint32_t id) const;
  void erase(uint32_t id);

  // The result as RowCodec::encode gives it; none was sent: nullopt.
  std::optional<std::string_view> sent(uint32_t id) const { return sent_[id].get(); }
  void set_sent(uint32_t id, std::optional<std::string_view> result);

  bool has_table(uint8_t table) const override { return AggregateTable::has_table(table); }
  uint64_t bytes() const override;
  void snapshot(StateWriter& writer) override { table_.snapshot(writer); }
  Status restore(const StateEntry& entry) override {
    return table_.restore(entry.table, entry.key, entry.value);
  }

 private:
  void save(uint32_t id, std::string& out) const override;
  void load(uint32_t id, StateBytesReader& bytes) override;
  void resize();

  AggregateTable table_;
  std::vector<int64_t> times_us_;
  std::vector<SentResult> sent_;
  uint64_t sent_bytes_ = 0;
};

}  // namespace sluice
