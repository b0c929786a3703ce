#include "operators/aggregates/distinct_accumulator.hpp"

#include <cstring>
#include <numeric>

#include "base/assert.hpp"
#include "base/checksum.hpp"
#include "data/key_encoder.hpp"

namespace sluice {

namespace {

SchemaPtr schema_of_arguments(const AggregateCall& call, const Schema& input) {
  std::vector<Field> fields;
  for (const size_t column : call.arguments) fields.push_back(input[column]);
  return std::make_shared<const Schema>(std::move(fields));
}

std::unique_ptr<Accumulator> make_fold(const AggregateFunction& function, AccumulatorMode mode) {
  return function.counts_values ? nullptr : function.accumulate({.mode = mode});
}

}  // namespace

DistinctAccumulator::Staged::Staged(const Schema& schema) {
  for (const Field& field : schema.fields()) values.emplace_back(field.type);
}

DistinctAccumulator::DistinctAccumulator(const AggregateCall& call, const Schema& input,
                                         AccumulatorMode mode, ElementLog* log)
    : schema_(schema_of_arguments(call, input)),
      columns_(all_columns(*schema_)),
      codec_(types_of(*schema_)),
      keys_hold_values_(KeyEncoder(*schema_, columns_).keys_hold_values()),
      mode_(mode),
      fold_(make_fold(*call.function, mode)),
      log_(log),
      arriving_(*schema_),
      leaving_(*schema_) {}

void DistinctAccumulator::resize(size_t ids) {
  if (ids <= heads_.size()) return;
  heads_.resize(ids, none);
  counts_.resize(ids);
  if (fold_) fold_->resize(ids);
}

// Ends the key that was appended to keys_ from `start` on.
void DistinctAccumulator::append_key(uint32_t id, size_t start) {
  std::memcpy(keys_.bytes.data() + start, &id, sizeof id);
  keys_.offsets.push_back(static_cast<uint32_t>(start));
  keys_.hashes.push_back(table_hash({keys_.bytes.data() + start, keys_.bytes.size() - start}));
}

void DistinctAccumulator::change(const AccumulatorInput& input, int direction) {
  keys_.bytes.clear();
  keys_.offsets.clear();
  keys_.hashes.clear();
  std::vector<uint32_t> rows;
  const std::vector<size_t> columns(input.arguments.begin(), input.arguments.end());
  for (size_t i = 0; i < input.rows.size(); ++i) {
    const uint32_t row = input.rows[i];
    if (input.argument().is_null(row)) continue;
    const size_t start = keys_.bytes.size();
    keys_.bytes.resize(start + sizeof(uint32_t));
    codec_.encode_key(input.batch, columns, row, keys_.bytes);
    append_key(input.ids[i], start);
    rows.push_back(row);
  }
  change_keys(direction, [&](size_t i) {
    value_.clear();
    codec_.encode(input.batch, columns, rows[i], value_);
    return std::string_view(value_);
  });
}

void DistinctAccumulator::change(const Accumulator& from, std::span<const IdPair> ids,
                                 int direction) {
  const auto& other = static_cast<const DistinctAccumulator&>(from);
  keys_.bytes.clear();
  keys_.offsets.clear();
  keys_.hashes.clear();
  std::vector<uint32_t> sources;
  for (const IdPair& pair : ids) {
    for (uint32_t at = other.heads_[pair.from]; at != none; at = other.elements_[at].next) {
      const size_t start = keys_.bytes.size();
      keys_.bytes.resize(start + sizeof(uint32_t));
      keys_.bytes += other.value_key_of(at);
      append_key(pair.to, start);
      sources.push_back(at);
    }
  }
  change_keys(direction,
              [&](size_t i) { return std::string_view(other.elements_[sources[i]].value); });
}

template <class ValueOf>
void DistinctAccumulator::change_keys(int direction, ValueOf value) {
  keys_.offsets.push_back(static_cast<uint32_t>(keys_.bytes.size()));
  std::vector<uint32_t> rows(keys_.size());
  std::iota(rows.begin(), rows.end(), 0);
  table_.intern(keys_, rows, found_);
  if (elements_.size() < table_.id_bound()) elements_.resize(table_.id_bound());
  vanished_.clear();
  for (size_t i = 0; i < found_.size(); ++i) {
    const uint32_t element = found_[i];
    uint32_t id = 0;
    std::memcpy(&id, keys_.key(i).data(), sizeof id);
    const bool is_new = elements_[element].count == 0 && heads_[id] != element &&
                        elements_[element].previous == none;
    if (is_new) {
      link(id, element);
      if (!keys_hold_values_) {
        elements_[element].value = value(i);
        value_bytes_ += elements_[element].value.capacity();
      }
    }
    if (!count(element, direction)) continue;
    if (elements_[element].count == 0) vanished_.push_back(element);
    if (log_ != nullptr && !elements_[element].is_touched) {
      elements_[element].is_touched = true;
      touched_.push_back(element);
    }
  }
  pass_staged();
  // Later rows may have brought a value back.
  for (const uint32_t element : vanished_) {
    if (table_.is_live(element) && elements_[element].count == 0) erase(id_of(element), element);
  }
}

// False: nothing changed.
bool DistinctAccumulator::count(uint32_t element, int direction) {
  int64_t& count = elements_[element].count;
  const bool was_there = count > 0;
  if (mode_ == AccumulatorMode::insert_only && was_there) return false;
  count += direction;
  const bool is_there = count > 0;
  if (was_there == is_there) return true;
  const uint32_t id = id_of(element);
  counts_[id] += is_there ? 1 : -1;
  if (fold_) {
    const Status passed = pass(is_there ? arriving_ : leaving_, id, element);
    SLUICE_ASSERT(passed.has_value(), "a kept value reads back");
  }
  return true;
}

void DistinctAccumulator::link(uint32_t id, uint32_t element) {
  elements_[element].next = heads_[id];
  if (heads_[id] != none) elements_[heads_[id]].previous = element;
  heads_[id] = element;
}

void DistinctAccumulator::erase(uint32_t id, uint32_t element) {
  Element& gone = elements_[element];
  if (gone.is_saved && log_ != nullptr) log_->removed(id, value_key_of(element));
  if (gone.previous != none) elements_[gone.previous].next = gone.next;
  if (gone.previous == none) heads_[id] = gone.next;
  if (gone.next != none) elements_[gone.next].previous = gone.previous;
  value_bytes_ -= keys_hold_values_ ? 0 : gone.value.capacity();
  gone = Element{};
  table_.erase(element);
}

uint32_t DistinctAccumulator::id_of(uint32_t element) const {
  uint32_t id = 0;
  std::memcpy(&id, table_.key(element).data(), sizeof id);
  return id;
}

Status DistinctAccumulator::pass(Staged& staged, uint32_t id, uint32_t element) {
  const std::string_view value =
      keys_hold_values_ ? value_key_of(element) : std::string_view(elements_[element].value);
  SLUICE_TRY(codec_.decode(value, staged.values));
  staged.ids.push_back(id);
  return {};
}

void DistinctAccumulator::pass_staged() {
  for (Staged* staged : {&arriving_, &leaving_}) {
    if (staged->ids.empty()) continue;
    std::vector<uint32_t> rows(staged->ids.size());
    std::iota(rows.begin(), rows.end(), 0);
    std::vector<ColumnPtr> values;
    for (ColumnBuilder& builder : staged->values) values.push_back(builder.finish());
    const RecordBatch batch(schema_, std::move(values), rows.size());
    const AccumulatorInput input{batch, columns_, rows, staged->ids};
    if (staged == &arriving_) fold_->add(input);
    if (staged == &leaving_) fold_->subtract(input);
    staged->ids.clear();
  }
}

Status DistinctAccumulator::finish(uint32_t id, int64_t rows, ColumnBuilder& out) const {
  if (fold_) return fold_->finish(id, rows, out);
  out.append<int64_t>(counts_[id]);
  return {};
}

void DistinctAccumulator::clear(uint32_t id) {
  while (heads_[id] != none) erase(id, heads_[id]);
  counts_[id] = 0;
  if (fold_) fold_->clear(id);
}

uint64_t DistinctAccumulator::allocated_bytes() const {
  return table_.allocated_bytes() + elements_.capacity() * sizeof(Element) + value_bytes_ +
         heads_.capacity() * sizeof(uint32_t) + counts_.capacity() * sizeof(int64_t) +
         touched_.capacity() * sizeof(uint32_t) + (fold_ ? fold_->allocated_bytes() : 0);
}

void DistinctAccumulator::write(uint32_t element, ElementWriter& writer) {
  Element& written = elements_[element];
  value_.clear();
  if (mode_ == AccumulatorMode::retractable) append_value(written.count, value_);
  value_ += written.value;
  writer.put(id_of(element), value_key_of(element), value_);
  written.is_saved = true;
  written.is_touched = false;
}

void DistinctAccumulator::save_elements(bool all, ElementWriter& writer) {
  if (all) {
    for (uint32_t element = 0; element < elements_.size(); ++element) {
      if (table_.is_live(element)) write(element, writer);
    }
  } else {
    for (const uint32_t element : touched_) {
      if (table_.is_live(element) && elements_[element].is_touched) write(element, writer);
    }
  }
  touched_.clear();
}

bool DistinctAccumulator::load_element(uint32_t id, std::string_view element,
                                       std::string_view value) {
  StateBytesReader bytes(value);
  const int64_t count = mode_ == AccumulatorMode::retractable ? bytes.take<int64_t>() : int64_t{1};
  std::string key(reinterpret_cast<const char*>(&id), sizeof id);
  key += element;
  const uint32_t loaded = table_.intern(HashedKey(key));
  if (elements_.size() < table_.id_bound()) elements_.resize(table_.id_bound());
  if (!bytes.is_good() || count == 0 || elements_[loaded].count != 0) return false;
  link(id, loaded);
  elements_[loaded].count = count;
  elements_[loaded].is_saved = true;
  elements_[loaded].value = bytes.take_rest();
  value_bytes_ += keys_hold_values_ ? 0 : elements_[loaded].value.capacity();
  if (count < 0) return true;
  ++counts_[id];
  if (!fold_) return true;
  if (!pass(arriving_, id, loaded)) return false;
  pass_staged();
  return true;
}

}  // namespace sluice
