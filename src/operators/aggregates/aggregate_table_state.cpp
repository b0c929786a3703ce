// The part of aggregate_table.hpp that saves and restores.
//
// entry    key: prefix, key bytes
//          value: marks (1 byte), rows (LEB128), the key's values with their length where the key
//          does not hold them, the companion's bytes, the accumulators' in the order of the calls
// element  key: prefix, key bytes with their length, call (1 byte), element
//          value: the accumulator's
#include <utility>

#include "base/assert.hpp"
#include "operators/aggregates/aggregate_table.hpp"

namespace sluice {

namespace {

constexpr uint8_t changed_flag = 1;

Unexpected fail_malformed() {
  return fail(ErrorCode::state_corrupt, "a saved aggregate is malformed");
}

}  // namespace

std::string AggregateTable::entry_key(uint32_t id) const {
  return *settings_.state_prefix + std::string(keys_.key(id));
}

std::string AggregateTable::element_key(uint32_t id, size_t call, std::string_view element) const {
  std::string key = *settings_.state_prefix;
  append_text(keys_.key(id), key);
  append_value(static_cast<uint8_t>(call), key);
  return key.append(element);
}

void AggregateTable::write_entry(uint32_t id, StateWriter& writer) {
  std::string value;
  const bool is_changed = (words_[id] & static_cast<uint64_t>(Mark::changed)) != 0;
  append_value(is_changed ? changed_flag : uint8_t{0}, value);
  append_length(static_cast<uint64_t>(rows(id)), value);
  if (!layout_.keys.keys_hold_values()) append_text(key_values_[id], value);
  if (settings_.companion != nullptr) settings_.companion->save(id, value);
  for (const auto& accumulator : accumulators_) accumulator->save(id, value);
  writer.put(entry_table, group_of(id), entry_key(id), value);
  words_[id] = (words_[id] | saved_bit) & ~touched_bit;
}

void AggregateTable::snapshot(StateWriter& writer) {
  SLUICE_ASSERT(settings_.state_prefix.has_value(), "a table without a prefix is not saved");
  const bool is_full = writer.kind() == SnapshotKind::full;
  write_removals(writer);
  for (const uint32_t id : is_full ? live_ids() : std::exchange(touched_, {})) {
    if (is_full || (words_[id] & touched_bit) != 0) write_entry(id, writer);
  }
  touched_.clear();

  struct CallWriter final : ElementWriter {
    CallWriter(const AggregateTable& of, size_t index, StateWriter& to)
        : table(of), call(index), writer(to) {}
    void put(uint32_t id, std::string_view element, std::string_view value) override {
      writer.put(element_table, table.group_of(id), table.element_key(id, call, element), value);
    }
    const AggregateTable& table;
    size_t call;
    StateWriter& writer;
  };
  for (size_t call = 0; call < accumulators_.size(); ++call) {
    CallWriter elements(*this, call, writer);
    accumulators_[call]->save_elements(is_full, elements);
  }
}

void AggregateTable::remove_all(StateWriter& writer) {
  for (const uint32_t id : live_ids()) erase(id);
  write_removals(writer);
}

void AggregateTable::write_removals(StateWriter& writer) {
  removed_entries_.write(entry_table, writer);
  removed_elements_.write(element_table, writer);
}

uint32_t AggregateTable::restore_key(std::string_view key) {
  const uint32_t id = keys_.intern(HashedKey(key));
  resize();
  return id;
}

Status AggregateTable::restore(uint8_t table, std::string_view key, std::string_view value) {
  if (table == entry_table) return restore_entry(restore_key(key), value);
  StateBytesReader bytes(key);
  const std::string_view key_bytes = bytes.take_text();
  const auto call = bytes.take<uint8_t>();
  if (table != element_table || !bytes.is_good() || call >= accumulators_.size()) {
    return fail_malformed();
  }
  const uint32_t id = restore_key(key_bytes);
  if (!accumulators_[call]->load_element(id, bytes.take_rest(), value)) return fail_malformed();
  return {};
}

Status AggregateTable::restore_entry(uint32_t id, std::string_view value) {
  StateBytesReader bytes(value);
  const auto flags = bytes.take<uint8_t>();
  const uint64_t rows = bytes.take_length();
  if (words_[id] != 0 || rows > rows_mask) return fail_malformed();
  words_[id] = rows | saved_bit;
  total_rows_ += static_cast<int64_t>(rows);
  if (!layout_.keys.keys_hold_values()) {
    key_values_[id] = bytes.take_text();
    key_value_bytes_ += key_values_[id].size();
  }
  if (settings_.companion != nullptr) settings_.companion->load(id, bytes);
  for (const auto& accumulator : accumulators_) accumulator->load(id, bytes);
  if ((flags & changed_flag) != 0) mark(id, Mark::changed);
  return bytes.is_finished() ? Status{} : fail_malformed();
}

}  // namespace sluice
