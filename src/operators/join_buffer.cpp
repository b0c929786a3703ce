#include "operators/join_buffer.hpp"

#include <algorithm>

#include "base/checksum.hpp"
#include "operators/encoded_rows.hpp"

namespace sluice {

namespace {

// Row, its place in the key's list and in the time index.
uint64_t cost_of(std::string_view key, const BufferedRow& row) {
  return sizeof(BufferedRow) + row.row.size() + key.size() + sizeof(std::string);
}

// A key that is noted for the next snapshot.
uint64_t cost_of_note(std::string_view key) { return sizeof(std::string) + key.size(); }

// Stays at the end of time.
int64_t time_after(int64_t time_us) { return time_us == INT64_MAX ? time_us : time_us + 1; }

std::string entry_key(std::string_view key, uint64_t id) {
  std::string bytes(key);
  append_number(id, bytes);
  return bytes;
}

}  // namespace

// Floors for negative times too.
int64_t JoinBuffer::bucket_of(int64_t time_us) const {
  const int64_t bucket = time_us / bucket_us_;
  return time_us % bucket_us_ < 0 ? bucket - 1 : bucket;
}

// The last bucket ends with time itself.
int64_t JoinBuffer::end_of(int64_t bucket) const {
  int64_t end_us = 0;
  return __builtin_mul_overflow(bucket + 1, bucket_us_, &end_us) ? INT64_MAX : end_us;
}

void JoinBuffer::add(std::string_view key, BufferedRow row) {
  row.id = next_id_++;
  row.is_changed = true;
  bytes_ += cost_of(key, row);
  ++rows_;
  keys_by_bucket_[bucket_of(row.time_us)].emplace_back(key);
  note_changed(key);
  by_key_[std::string(key)].push_back(std::move(row));
}

void JoinBuffer::matches(std::string_view key, int64_t first_us, int64_t last_us,
                         std::vector<BufferedRow*>& found) {
  found.clear();
  const auto rows = by_key_.find(key);
  if (rows == by_key_.end()) return;
  for (BufferedRow& row : rows->second) {
    if (row.time_us >= first_us && row.time_us <= last_us) found.push_back(&row);
  }
}

void JoinBuffer::mark_matched(std::string_view key, BufferedRow& row) {
  if (row.is_matched) return;
  row.is_matched = true;
  if (!row.is_changed) note_changed(key);
  row.is_changed = true;
}

void JoinBuffer::note_changed(std::string_view key) {
  changed_keys_.emplace_back(key);
  noted_bytes_ += cost_of_note(key);
}

Status JoinBuffer::free_before(int64_t cut_us,
                               const std::function<Status(const BufferedRow&)>& on_freed) {
  while (!keys_by_bucket_.empty() && end_of(keys_by_bucket_.begin()->first) <= cut_us) {
    const std::vector<std::string> keys = std::move(keys_by_bucket_.begin()->second);
    const int64_t bucket = keys_by_bucket_.begin()->first;
    keys_by_bucket_.erase(keys_by_bucket_.begin());
    for (const std::string& key : keys) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) continue;  // its rows went with the key's first mention
      Rows& rows = found->second;
      for (const BufferedRow& row : rows) {
        if (bucket_of(row.time_us) != bucket) continue;
        SLUICE_TRY(on_freed(row));
        freed_before_us_ = std::max(freed_before_us_, time_after(row.time_us));
        bytes_ -= cost_of(key, row);
        --rows_;
        freed_.emplace_back(key, row.id);
        noted_bytes_ += cost_of_note(key) + sizeof(row.id);
      }
      std::erase_if(rows, [&](const BufferedRow& row) { return bucket_of(row.time_us) == bucket; });
      if (rows.empty()) by_key_.erase(found);
    }
  }
  return {};
}

void JoinBuffer::put(StateWriter& writer, std::string_view key, const BufferedRow& row) {
  std::string value;
  append_number(row.time_us, value);
  append_number(row.seen_us, value);
  append_number<uint8_t>(row.is_matched ? 1 : 0, value);
  value.append(row.row);
  writer.put(table_, key_group_of(hash_bytes(key)), entry_key(key, row.id), value);
}

void JoinBuffer::snapshot(StateWriter& writer) {
  if (writer.kind() == SnapshotKind::full) {
    for (auto& [key, rows] : by_key_) {
      for (BufferedRow& row : rows) {
        put(writer, key, row);
        row.is_changed = false;
      }
    }
  } else {
    for (const auto& [key, id] : freed_)
      writer.remove(table_, key_group_of(hash_bytes(key)), entry_key(key, id));
    for (const std::string& key : changed_keys_) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) continue;
      for (BufferedRow& row : found->second) {
        if (row.is_changed) put(writer, key, row);
        row.is_changed = false;
      }
    }
  }
  freed_ = {};
  changed_keys_ = {};
  noted_bytes_ = 0;
}

Status JoinBuffer::restore(const StateEntry& entry) {
  BufferedRow row;
  std::string_view value = entry.value;
  uint8_t flags = 0;
  const bool is_whole = entry.key.size() >= sizeof(row.id) && take_number(value, row.time_us) &&
                        take_number(value, row.seen_us) && take_number(value, flags);
  if (!is_whole) return fail(ErrorCode::state_corrupt, "a saved row of a join is malformed");
  const std::string_view key = entry.key.substr(0, entry.key.size() - sizeof(row.id));
  std::string_view id = entry.key.substr(key.size());
  take_number(id, row.id);
  row.is_matched = flags != 0;
  row.row = value;
  next_id_ = std::max(next_id_, row.id + 1);
  bytes_ += cost_of(key, row);
  ++rows_;
  keys_by_bucket_[bucket_of(row.time_us)].emplace_back(key);
  // Entries come in any order, and matches are given in that of arrival.
  Rows& rows = by_key_[std::string(key)];
  const auto later = [](uint64_t id, const BufferedRow& other) { return id < other.id; };
  rows.insert(std::upper_bound(rows.begin(), rows.end(), row.id, later), std::move(row));
  return {};
}

}  // namespace sluice
