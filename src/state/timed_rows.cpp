#include "state/timed_rows.hpp"

#include <iterator>
#include <utility>

#include "base/checksum.hpp"
#include "state/state_bytes.hpp"

namespace sluice {

namespace {

using Row = TimedRows::Row;

uint64_t cost_of(const Row& row) { return sizeof(Row) + row.bytes.size(); }

uint64_t cost_of_key(std::string_view key) {
  return sizeof(TimedRows::KeyRows) + sizeof(std::string) + 2 * sizeof(void*) + key.size();
}

// Stays at the end of time.
int64_t time_after(int64_t time_us) { return time_us == INT64_MAX ? time_us : time_us + 1; }

std::string entry_key(const Row& row) {
  std::string bytes(*row.key->key);
  append_value(row.id, bytes);
  return bytes;
}

KeyGroup group_of(const TimedRows::KeyRows& key) { return key_group_of(hash_bytes(*key.key)); }

bool comes_before(const Row& left, const Row& right) {
  return std::pair(left.time_us, left.id) < std::pair(right.time_us, right.id);
}

}  // namespace

// Floors for negative times too.
int64_t TimedRows::bucket_of(int64_t time_us) const {
  const int64_t bucket = time_us / bucket_us_;
  return time_us % bucket_us_ < 0 ? bucket - 1 : bucket;
}

// The last bucket ends with time itself.
int64_t TimedRows::end_of(int64_t bucket) const {
  int64_t end_us = 0;
  return __builtin_mul_overflow(bucket + 1, bucket_us_, &end_us) ? INT64_MAX : end_us;
}

TimedRows::KeyRows& TimedRows::rows_of(std::string_view key) {
  const auto found = keys_.find(key);
  if (found != keys_.end()) return found->second;
  const auto made = keys_.try_emplace(std::string(key)).first;
  made->second.key = &made->first;
  bytes_ += cost_of_key(key);
  return made->second;
}

void TimedRows::add(std::string_view key, Row row) {
  row.id = next_id_++;
  row.is_changed = false;
  row.is_saved = false;
  insert(key, std::move(row));
}

// Rows mostly come in the order of their times, so that few have to make room.
void TimedRows::insert(std::string_view key, Row row) {
  KeyRows& of_key = rows_of(key);
  row.key = &of_key;
  bytes_ += cost_of(row);
  const int64_t bucket = bucket_of(row.time_us);
  if (of_key.newest_bucket != bucket) {
    keys_by_bucket_[bucket].push_back(&of_key);
    of_key.newest_bucket = bucket;
    ++of_key.listed;
    bytes_ += sizeof(KeyRows*);
  }
  if (!row.is_saved) note_changed(row);
  std::vector<Row>& rows = of_key.rows;
  if (rows.empty() || comes_before(rows.back(), row)) {
    rows.push_back(std::move(row));
  } else {
    rows.insert(std::upper_bound(rows.begin(), rows.end(), row, comes_before), std::move(row));
  }
}

std::span<Row> TimedRows::range(std::string_view key, int64_t first_us, int64_t last_us) {
  const auto found = keys_.find(key);
  if (found == keys_.end() || first_us > last_us) return {};
  std::vector<Row>& rows = found->second.rows;
  const auto first =
      std::lower_bound(rows.begin(), rows.end(), first_us,
                       [](const Row& row, int64_t time_us) { return row.time_us < time_us; });
  const auto last =
      std::upper_bound(first, rows.end(), last_us,
                       [](int64_t time_us, const Row& row) { return time_us < row.time_us; });
  return {first, last};
}

void TimedRows::mark_matched(Row& row) {
  if (row.is_matched) return;
  row.is_matched = true;
  note_changed(row);
}

void TimedRows::note_changed(Row& row) {
  row.is_changed = true;
  if (row.key->is_noted) return;
  row.key->is_noted = true;
  changed_keys_.push_back(row.key);
  noted_bytes_ += sizeof(KeyRows*);
}

Status TimedRows::free_before(int64_t cut_us, const std::function<Status(const Row&)>& on_freed) {
  std::vector<Row> freed;
  while (!keys_by_bucket_.empty() && end_of(keys_by_bucket_.begin()->first) <= cut_us) {
    const auto oldest = keys_by_bucket_.extract(keys_by_bucket_.begin());
    for (KeyRows* key : oldest.mapped()) {
      free_bucket(*key, oldest.key(), freed);
      for (const Row& row : freed) SLUICE_TRY(on_freed(row));
      --key->listed;
      bytes_ -= sizeof(KeyRows*);
      forget_if_empty(*key);
    }
  }
  return {};
}

// A key that the bucket lists again has none left there, nor any before.
void TimedRows::free_bucket(KeyRows& key, int64_t bucket, std::vector<Row>& freed) {
  const auto end = std::find_if(key.rows.begin(), key.rows.end(),
                                [&](const Row& row) { return bucket_of(row.time_us) > bucket; });
  for (auto row = key.rows.begin(); row != end; ++row) {
    freed_before_us_ = std::max(freed_before_us_, time_after(row->time_us));
    bytes_ -= cost_of(*row);
    if (row->is_saved) removals_.add(group_of(key), entry_key(*row));
  }
  freed.assign(std::make_move_iterator(key.rows.begin()), std::make_move_iterator(end));
  key.rows.erase(key.rows.begin(), end);
  if (key.newest_bucket == bucket) key.newest_bucket = INT64_MIN;
}

// What lists it would point at nothing.
void TimedRows::forget_if_empty(KeyRows& key) {
  if (!key.rows.empty() || key.listed > 0 || key.is_noted) return;
  bytes_ -= cost_of_key(*key.key);
  keys_.erase(keys_.find(*key.key));
}

void TimedRows::put(StateWriter& writer, Row& row) const {
  std::string value;
  append_value(row.time_us, value);
  append_value(row.seen_us, value);
  append_value<uint8_t>(row.is_matched ? 1 : 0, value);
  value.append(row.bytes);
  writer.put(table_, group_of(*row.key), entry_key(row), value);
  row.is_changed = false;
  row.is_saved = true;
}

void TimedRows::snapshot(StateWriter& writer) {
  removals_.write(table_, writer);
  if (writer.kind() == SnapshotKind::full) {
    for (auto& [key, of_key] : keys_) {
      for (Row& row : of_key.rows) put(writer, row);
    }
  } else {
    for (KeyRows* key : changed_keys_) {
      for (Row& row : key->rows) {
        if (row.is_changed) put(writer, row);
      }
    }
  }
  for (KeyRows* key : std::exchange(changed_keys_, {})) {
    key->is_noted = false;
    forget_if_empty(*key);
  }
  noted_bytes_ = 0;
}

Status TimedRows::restore(const StateEntry& entry) {
  Row row;
  StateBytesReader value(entry.value);
  row.time_us = value.take<int64_t>();
  row.seen_us = value.take<int64_t>();
  row.is_matched = value.take<uint8_t>() != 0;
  const size_t key_bytes = entry.key.size() - std::min(entry.key.size(), sizeof(row.id));
  StateBytesReader id(entry.key.substr(key_bytes));
  row.id = id.take<uint64_t>();
  if (!value.is_good() || !id.is_finished()) {
    return fail(ErrorCode::state_corrupt, "a saved row of a join is malformed");
  }
  row.bytes = value.take_rest();
  row.is_saved = true;
  next_id_ = std::max(next_id_, row.id + 1);
  insert(entry.key.substr(0, key_bytes), std::move(row));
  return {};
}

}  // namespace sluice
