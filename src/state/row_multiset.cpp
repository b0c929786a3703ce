#include "state/row_multiset.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/checksum.hpp"
#include "base/release_memory.hpp"
#include "state/state_bytes.hpp"

namespace sluice {

namespace {

// Short texts have no memory of their own.
uint64_t cost_of_text(std::string_view text) {
  static const size_t inside = std::string().capacity();
  return text.size() <= inside ? 0 : text.size();
}

uint64_t mixed(uint64_t key_hash, std::string_view row) {
  constexpr uint64_t odd = 0x9E3779B97F4A7C15;
  return key_hash * odd + table_hash(row);
}

}  // namespace

size_t RowMultiset::RowHash::operator()(Handle row) const {
  const Row& hashed = of->rows_[row];
  return mixed(of->keys_.hash(hashed.key), hashed.bytes);
}

size_t RowMultiset::RowHash::operator()(const Probe& probe) const {
  return mixed(probe.hash, probe.bytes);
}

bool RowMultiset::RowEqual::operator()(Handle row, const Probe& probe) const {
  return of->rows_[row].key == probe.key && of->rows_[row].bytes == probe.bytes;
}

uint32_t RowMultiset::intern(const HashedKey& key) {
  const uint32_t id = keys_.intern(key);
  if (id >= rows_of_key_.size()) rows_of_key_.resize(keys_.id_bound());
  return id;
}

RowMultiset::Handle RowMultiset::append(uint32_t key, std::string_view bytes) {
  Handle handle = free_;
  if (handle == none) {
    handle = static_cast<Handle>(rows_.size());
    SLUICE_ASSERT(handle != none, "more rows than a handle can tell apart");
    rows_.emplace_back();
  } else {
    free_ = rows_[handle].next;
  }
  KeyRows& of_key = rows_of_key_[key];
  Row& row = rows_[handle];
  row = {.bytes = std::string(bytes), .key = key, .previous = of_key.last, .time_us = INT64_MIN};
  if (of_key.last != none) rows_[of_key.last].next = handle;
  if (of_key.first == none) of_key.first = handle;
  of_key.last = handle;
  text_bytes_ += cost_of_text(bytes);
  index_.insert(handle);
  return handle;
}

RowMultiset::Handle RowMultiset::add(const HashedKey& key, std::string_view row, int64_t time_us) {
  const uint32_t id = intern(key);
  const auto found = index_.find(probe(id, row));
  const Handle handle = found == index_.end() ? append(id, row) : *found;
  Row& added = rows_[handle];
  ++added.count;
  ++total_rows_;
  added.time_us = std::max(added.time_us, time_us);
  note_changed(handle);
  return handle;
}

RowMultiset::Handle RowMultiset::find(const HashedKey& key, std::string_view row) const {
  const uint32_t id = keys_.find(key);
  if (id == KeyTable::no_id) return none;
  const auto found = index_.find(probe(id, row));
  return found == index_.end() ? none : *found;
}

void RowMultiset::take_back(Handle row) {
  --total_rows_;
  if (--rows_[row].count == 0) return remove(row);
  note_changed(row);
}

RowMultiset::Handle RowMultiset::first(const HashedKey& key) const {
  const uint32_t id = keys_.find(key);
  return id == KeyTable::no_id ? none : rows_of_key_[id].first;
}

void RowMultiset::set_value(Handle row, int64_t value) {
  if (rows_[row].value == value) return;
  rows_[row].value = value;
  note_changed(row);
}

void RowMultiset::note_changed(Handle row) {
  if (std::exchange(rows_[row].is_changed, true)) return;
  changed_.push_back(row);
}

void RowMultiset::remove(Handle handle) {
  Row& row = rows_[handle];
  const uint32_t id = row.key;
  KeyRows& key = rows_of_key_[id];
  if (row.is_saved) removals_.add(key_group_of(keys_.key(id)), entry_key(row));
  index_.erase(handle);
  (row.previous == none ? key.first : rows_[row.previous].next) = row.next;
  (row.next == none ? key.last : rows_[row.next].previous) = row.previous;
  text_bytes_ -= cost_of_text(row.bytes);
  row = {};
  row.next = free_;
  free_ = handle;
  if (key.first == none) keys_.erase(id);
}

int64_t RowMultiset::sweep(int64_t clock_us) {
  if (!ttl_.is_sweep_due(clock_us)) return 0;
  const int64_t before = total_rows_;
  for (Handle row = 0; row < rows_.size(); ++row) {
    if (rows_[row].key == KeyTable::no_id || !ttl_.is_expired(rows_[row].time_us, clock_us))
      continue;
    total_rows_ -= rows_[row].count;
    remove(row);
  }
  return before - total_rows_;
}

uint64_t RowMultiset::bytes() const {
  if (rows_.empty()) return removals_.bytes();  // an index may count room inside itself
  return keys_.allocated_bytes() + rows_of_key_.capacity() * sizeof(KeyRows) + text_bytes_ +
         removals_.bytes() + rows_.capacity() * sizeof(Row) +
         index_.capacity() * (sizeof(Handle) + 1) + changed_.capacity() * sizeof(Handle);
}

std::string RowMultiset::entry_key(const Row& row) const {
  std::string bytes;
  append_text(keys_.key(row.key), bytes);
  return bytes.append(row.bytes);
}

// What went first, for it may have come again since.
void RowMultiset::snapshot(StateWriter& writer) {
  const bool is_full = writer.kind() == SnapshotKind::full;
  removals_.write(table_, writer);
  std::string value;
  const auto write = [&](Row& row) {
    value.clear();
    append_value(row.count, value);
    append_value(row.value, value);
    append_value(row.time_us, value);
    writer.put(table_, key_group_of(keys_.key(row.key)), entry_key(row), value);
    row.is_saved = true;
  };
  if (is_full) {
    for (Row& row : rows_) {
      if (row.key != KeyTable::no_id) write(row);
      row.is_changed = false;
    }
  } else {
    // A place may have been freed, or hold another row by now.
    for (const Handle handle : changed_) {
      Row& row = rows_[handle];
      if (row.key != KeyTable::no_id && std::exchange(row.is_changed, false)) write(row);
    }
  }
  release_memory(changed_);
  if (total_rows_ == 0) release();
}

void RowMultiset::release() {
  keys_.release();
  release_memory(rows_of_key_);
  release_memory(rows_);
  free_ = none;
  index_.clear();
  index_.rehash(0);
}

Status RowMultiset::restore(const StateEntry& entry) {
  StateBytesReader key(entry.key);
  const std::string_view key_bytes = key.take_text();
  const std::string_view row_bytes = key.take_rest();
  StateBytesReader value(entry.value);
  Row saved;
  saved.count = value.take<int64_t>();
  saved.value = value.take<int64_t>();
  saved.time_us = value.take<int64_t>();
  if (!key.is_good() || !value.is_finished() || saved.count < 1) {
    return fail(ErrorCode::state_corrupt, "a saved row of a join is malformed");
  }
  Row& row = rows_[append(intern(HashedKey(key_bytes)), row_bytes)];
  row.count = saved.count;
  row.value = saved.value;
  row.time_us = saved.time_us;
  row.is_saved = true;
  total_rows_ += row.count;
  return {};
}

}  // namespace sluice
