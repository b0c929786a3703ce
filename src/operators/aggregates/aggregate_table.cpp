#include "operators/aggregates/aggregate_table.hpp"

#include <utility>

#include "base/assert.hpp"
#include "operators/aggregates/make_accumulator.hpp"

namespace sluice {

namespace {

// How far ahead the words of keys are prefetched.
constexpr size_t prefetch_rows = 16;

}  // namespace

AggregateLayout::AggregateLayout(SchemaPtr input_schema, std::vector<size_t> key_columns,
                                 std::vector<AggregateCall> aggregate_calls)
    : input(std::move(input_schema)),
      keys(*input, std::move(key_columns)),
      calls(std::move(aggregate_calls)) {}

// Turns elements that went away into removals of the next delta.
class AggregateTable::CallLog final : public ElementLog {
 public:
  CallLog(AggregateTable& table, size_t call) : table_(table), call_(call) {}
  void removed(uint32_t id, std::string_view element) override {
    table_.removed_elements_.add(table_.group_of(id), table_.element_key(id, call_, element));
  }

 private:
  AggregateTable& table_;
  size_t call_;
};

AggregateTable::AggregateTable(const AggregateLayout& layout, Settings settings)
    : layout_(layout), settings_(std::move(settings)) {
  for (size_t call = 0; call < layout_.calls.size(); ++call) {
    if (settings_.state_prefix) logs_.push_back(std::make_unique<CallLog>(*this, call));
    accumulators_.push_back(make_accumulator(layout_.calls[call], *layout_.input, settings_.mode,
                                             logs_.empty() ? nullptr : logs_.back().get()));
  }
}

AggregateTable::~AggregateTable() = default;

void AggregateTable::resize() {
  const size_t ids = keys_.id_bound();
  if (ids <= words_.size()) return;
  words_.resize(ids);
  if (!layout_.keys.keys_hold_values()) key_values_.resize(ids);
  for (const auto& accumulator : accumulators_) accumulator->resize(ids);
}

void AggregateTable::intern(const RecordBatch& batch, const BatchKeys& keys,
                            std::span<const uint32_t> rows, std::vector<uint32_t>& ids) {
  keys_.intern(keys, rows, ids);
  resize();
  if (layout_.keys.keys_hold_values()) return;
  for (size_t i = 0; i < rows.size(); ++i) {
    std::string& values = key_values_[ids[i]];
    if (!values.empty()) continue;
    layout_.keys.encode_values(batch, rows[i], values);
    key_value_bytes_ += values.size();
  }
}

uint32_t AggregateTable::intern(const AggregateTable& from, uint32_t id) {
  const uint32_t own = keys_.intern(from.keys_[id]);
  resize();
  if (!layout_.keys.keys_hold_values() && key_values_[own].empty()) {
    key_values_[own] = from.key_values_[id];
    key_value_bytes_ += key_values_[own].size();
  }
  return own;
}

uint32_t AggregateTable::intern(std::string_view key, uint32_t like) {
  const uint32_t own = keys_.intern(HashedKey(key));
  resize();
  if (!layout_.keys.keys_hold_values() && key_values_[own].empty()) {
    key_values_[own] = key_values_[like];
    key_value_bytes_ += key_values_[own].size();
  }
  return own;
}

uint32_t AggregateTable::find(const AggregateTable& from, uint32_t id) const {
  return keys_.find(from.keys_[id]);
}

void AggregateTable::touch(uint32_t id) {
  if ((words_[id] & touched_bit) != 0 || !settings_.state_prefix) return;
  words_[id] |= touched_bit;
  touched_.push_back(id);
}

void AggregateTable::mark(uint32_t id, Mark mark) {
  const auto bit = static_cast<uint64_t>(mark);
  if ((words_[id] & bit) != 0) return;
  words_[id] |= bit;
  (mark == Mark::changed ? changed_ : corrected_).push_back(id);
}

std::vector<uint32_t> AggregateTable::take_marked(Mark mark) {
  std::vector<uint32_t> ids;
  for (const uint32_t id : std::exchange(mark == Mark::changed ? changed_ : corrected_, {})) {
    // An id that was given to another key since may stand here twice, or for nothing.
    if ((words_[id] & static_cast<uint64_t>(mark)) == 0) continue;
    words_[id] &= ~static_cast<uint64_t>(mark);
    if (mark == Mark::changed) touch(id);
    ids.push_back(id);
  }
  return ids;
}

void AggregateTable::change_rows(uint32_t id, int64_t difference) {
  SLUICE_ASSERT(difference >= 0 || rows(id) >= -difference, "a key has no fewer than 0 rows");
  words_[id] += static_cast<uint64_t>(difference);
  total_rows_ += difference;
  touch(id);
}

void AggregateTable::add(const RecordBatch& batch, std::span<const uint32_t> rows,
                         std::span<const uint32_t> ids) {
  for (size_t i = 0; i < ids.size(); ++i) {
    if (i + prefetch_rows < ids.size()) __builtin_prefetch(&words_[ids[i + prefetch_rows]], 1);
    ++words_[ids[i]];
    touch(ids[i]);
  }
  total_rows_ += static_cast<int64_t>(ids.size());
  accumulate(batch, rows, ids, 1);
}

void AggregateTable::accumulate(const RecordBatch& batch, std::span<const uint32_t> rows,
                                std::span<const uint32_t> ids, int direction) {
  if (rows.empty()) return;
  for (size_t call = 0; call < accumulators_.size(); ++call) {
    const AggregateCall& called = layout_.calls[call];
    if (!called.filter) {
      accumulate_call(call, {batch, called.arguments, rows, ids}, direction);
      continue;
    }
    const Column& filter = batch.column(*called.filter);
    filtered_rows_.clear();
    filtered_ids_.clear();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (filter.is_null(rows[i]) || filter.values<uint8_t>()[rows[i]] == 0) continue;
      filtered_rows_.push_back(rows[i]);
      filtered_ids_.push_back(ids[i]);
    }
    accumulate_call(call, {batch, called.arguments, filtered_rows_, filtered_ids_}, direction);
  }
}

void AggregateTable::accumulate_call(size_t call, const AccumulatorInput& input, int direction) {
  if (direction > 0) {
    accumulators_[call]->add(input);
  } else {
    accumulators_[call]->subtract(input);
  }
}

void AggregateTable::merge(const AggregateTable& from, std::span<const uint32_t> ids) {
  std::vector<IdPair> pairs;
  pairs.reserve(ids.size());
  for (const uint32_t id : ids) {
    pairs.push_back({id, intern(from, id)});
    change_rows(pairs.back().to, from.rows(id));
  }
  for (size_t call = 0; call < accumulators_.size(); ++call) {
    accumulators_[call]->merge(*from.accumulators_[call], pairs);
  }
}

void AggregateTable::unmerge(const AggregateTable& from, std::span<const uint32_t> ids) {
  std::vector<IdPair> pairs;
  pairs.reserve(ids.size());
  for (const uint32_t id : ids) {
    pairs.push_back({id, find(from, id)});
    SLUICE_ASSERT(pairs.back().to != KeyTable::no_id, "only what was merged is taken back");
    change_rows(pairs.back().to, -from.rows(id));
  }
  for (size_t call = 0; call < accumulators_.size(); ++call) {
    accumulators_[call]->unmerge(*from.accumulators_[call], pairs);
  }
}

// By way of a table of its own: accumulators only ever merge with those of another table.
void AggregateTable::move(uint32_t from, uint32_t to) {
  AggregateTable moved(layout_, {});
  moved.merge(*this, {&from, 1});
  const IdPair pair{moved.find(*this, from), to};
  change_rows(to, moved.rows(pair.from));
  for (size_t call = 0; call < accumulators_.size(); ++call) {
    accumulators_[call]->merge(*moved.accumulators_[call], {&pair, 1});
  }
  erase(from);
}

void AggregateTable::clear(uint32_t id) {
  change_rows(id, -rows(id));
  for (const auto& accumulator : accumulators_) accumulator->clear(id);
}

void AggregateTable::erase(uint32_t id) {
  clear(id);
  if ((words_[id] & saved_bit) != 0) removed_entries_.add(group_of(id), entry_key(id));
  words_[id] = 0;
  if (!key_values_.empty()) {
    key_value_bytes_ -= key_values_[id].size();
    key_values_[id].clear();
  }
  keys_.erase(id);
}

KeyGroup AggregateTable::group_of(uint32_t id) const {
  std::optional<KeyGroup> own;
  if (settings_.companion != nullptr) own = settings_.companion->group_of(id);
  return own.value_or(key_group_of(keys_.key(id)));
}

std::vector<uint32_t> AggregateTable::live_ids() const {
  std::vector<uint32_t> ids;
  ids.reserve(keys_.size());
  for (uint32_t id = 0; id < words_.size(); ++id) {
    if (keys_.is_live(id)) ids.push_back(id);
  }
  return ids;
}

uint64_t AggregateTable::allocated_bytes() const {
  uint64_t bytes =
      keys_.allocated_bytes() + words_.capacity() * sizeof(uint64_t) +
      key_values_.capacity() * sizeof(std::string) + key_value_bytes_ +
      (touched_.capacity() + changed_.capacity() + corrected_.capacity()) * sizeof(uint32_t) +
      removed_entries_.bytes() + removed_elements_.bytes();
  for (const auto& accumulator : accumulators_) bytes += accumulator->allocated_bytes();
  return bytes;
}

Status AggregateTable::append_key(uint32_t id, std::vector<ColumnBuilder>& builders) const {
  return layout_.keys.decode(
      layout_.keys.keys_hold_values() ? keys_.key(id) : std::string_view(key_values_[id]),
      builders);
}

Status AggregateTable::append_results(uint32_t id, std::vector<ColumnBuilder>& builders) const {
  Status outcome;
  for (size_t call = 0; call < accumulators_.size(); ++call) {
    Status finished = accumulators_[call]->finish(id, rows(id), builders[call]);
    if (finished) continue;
    builders[call].append_null();
    if (outcome) outcome = std::move(finished);
  }
  return outcome;
}

}  // namespace sluice
