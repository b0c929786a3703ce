#include "state/timed_rows.hpp"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "base/release_memory.hpp"
#include "state/state_bytes.hpp"

namespace sluice {

namespace {

using Row = TimedRows::Row;
using Place = TimedRows::Place;

// What a node of the map of buckets takes beside the bucket.
constexpr uint64_t node_bytes = 5 * sizeof(void*);

// Stays at the end of time.
int64_t time_after(int64_t time_us) { return time_us == INT64_MAX ? time_us : time_us + 1; }

bool comes_before(const Place& left, const Place& right) {
  if (left.time_us != right.time_us) return left.time_us < right.time_us;
  return left.row->id < right.row->id;
}

// So that the next row is aligned too.
constexpr size_t aligned(size_t bytes) {
  return (bytes + alignof(Row) - 1) / alignof(Row) * alignof(Row);
}

}  // namespace

uint64_t TimedRows::cost_of(const Bucket& bucket) {
  return node_bytes + sizeof(Bucket) + bucket.blocks.allocated_bytes() +
         bucket.keys.capacity() * sizeof(Key) + bucket.changed.capacity() * sizeof(Row*);
}

uint64_t TimedRows::cost_of(const KeyRows& rows) {
  return rows.places.capacity() > 1 ? rows.places.capacity() * sizeof(Place) : 0;
}

uint64_t TimedRows::bytes() const {
  return keys_.allocated_bytes() + rows_of_key_.capacity() * sizeof(KeyRows) + bytes_ +
         removals_.bytes() + ids_.capacity() * sizeof(Key);
}

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

TimedRows::Bucket& TimedRows::bucket_at(int64_t index) {
  if (newest_.second != nullptr && newest_.first == index) return *newest_.second;
  const auto [bucket, is_new] = buckets_.try_emplace(index);
  if (is_new) bytes_ += cost_of(bucket->second);
  newest_ = {index, &bucket->second};
  return bucket->second;
}

void TimedRows::add(const BatchKeys& keys, std::span<const uint32_t> rows,
                    std::span<const NewRow> added) {
  keys_.intern(keys, rows, ids_);
  rows_of_key_.resize(keys_.id_bound());
  for (size_t i = 0; i < rows.size(); ++i) insert(ids_[i], added[i], next_id_++, false);
}

// Rows mostly come in the order of their times, so that few have to make room.
void TimedRows::insert(Key key, const NewRow& added, uint64_t id, bool is_saved) {
  KeyRows& of_key = rows_of_key_[key];
  const int64_t index = bucket_of(added.time_us);
  Bucket& bucket = bucket_at(index);
  bytes_ -= cost_of(bucket) + cost_of(of_key);
  char* const memory = bucket.blocks.allocate(aligned(sizeof(Row) + added.bytes.size()));
  Row* const row = new (memory)
      Row{added.time_us,    added.seen_us, id,       static_cast<uint32_t>(added.bytes.size()),
          added.is_matched, false,         is_saved, key};
  if (!added.bytes.empty()) std::memcpy(row + 1, added.bytes.data(), added.bytes.size());
  if (of_key.newest_bucket != index) {
    bucket.keys.push_back(key);
    of_key.newest_bucket = index;
    ++of_key.listed;
  }
  const Place place{row->time_us, row};
  auto& places = of_key.places;
  if (places.empty() || comes_before(places.back(), place)) {
    places.push_back(place);
  } else {
    places.insert(std::upper_bound(places.begin(), places.end(), place, comes_before), place);
  }
  if (!is_saved) note_changed(*row, bucket);
  bytes_ += cost_of(bucket) + cost_of(of_key);
}

std::span<const Place> TimedRows::range(Key key, int64_t first_us, int64_t last_us) const {
  if (first_us > last_us) return {};
  const auto& places = rows_of_key_[key].places;
  const auto first =
      std::lower_bound(places.begin(), places.end(), first_us,
                       [](const Place& place, int64_t time_us) { return place.time_us < time_us; });
  const auto last =
      std::upper_bound(first, places.end(), last_us,
                       [](int64_t time_us, const Place& place) { return time_us < place.time_us; });
  return {first, last};
}

void TimedRows::mark_matched(Row& row) {
  if (row.is_matched) return;
  row.is_matched = true;
  Bucket& bucket = bucket_at(bucket_of(row.time_us));
  bytes_ -= cost_of(bucket);
  note_changed(row, bucket);
  bytes_ += cost_of(bucket);
}

void TimedRows::note_changed(Row& row, Bucket& bucket) {
  if (!std::exchange(row.is_changed, true)) bucket.changed.push_back(&row);
}

Result<TimedRows::Freed> TimedRows::free_before(
    int64_t cut_us, const std::function<Status(const Row&)>& on_unmatched) {
  Freed freed;
  while (!buckets_.empty() && end_of(buckets_.begin()->first) <= cut_us) {
    const auto oldest = buckets_.begin();
    newest_ = {};
    bytes_ -= cost_of(oldest->second);
    // A key that the bucket lists again has no rows left there.
    for (const Key key : oldest->second.keys) {
      SLUICE_TRY(free_rows(key, oldest->first, freed, on_unmatched));
    }
    buckets_.erase(oldest);
  }
  return freed;
}

// There are none before the bucket.
Status TimedRows::free_rows(Key key, int64_t bucket, Freed& freed,
                            const std::function<Status(const Row&)>& on_unmatched) {
  KeyRows& of_key = rows_of_key_[key];
  auto& places = of_key.places;
  auto place = places.begin();
  for (; place != places.end() && bucket_of(place->time_us) <= bucket; ++place) {
    const Row& row = *place->row;
    freed_before_us_ = std::max(freed_before_us_, time_after(row.time_us));
    ++(row.is_matched ? freed.matched : freed.unmatched);
    if (!row.is_matched && on_unmatched) SLUICE_TRY(on_unmatched(row));
    if (!row.is_saved) continue;
    write_entry_key(row);
    removals_.add(group_of(key), entry_key_);
  }
  bytes_ -= cost_of(of_key);
  places.erase(places.begin(), place);
  if (of_key.newest_bucket == bucket) of_key.newest_bucket = INT64_MIN;
  --of_key.listed;
  if (places.empty()) places.shrink_to_fit();
  bytes_ += cost_of(of_key);
  // What lists it would point at another key.
  if (places.empty() && of_key.listed == 0) keys_.erase(key);
  return {};
}

void TimedRows::write_entry_key(const Row& row) {
  entry_key_.assign(keys_.key(row.key));
  append_value(row.id, entry_key_);
}

void TimedRows::put(StateWriter& writer, Row& row) {
  std::string value;
  append_value(row.time_us, value);
  append_value(row.seen_us, value);
  append_value<uint8_t>(row.is_matched ? 1 : 0, value);
  value.append(row.bytes());
  write_entry_key(row);
  writer.put(table_, group_of(row.key), entry_key_, value);
  row.is_saved = true;
}

void TimedRows::snapshot(StateWriter& writer) {
  removals_.write(table_, writer);
  if (writer.kind() == SnapshotKind::full) {
    for (const KeyRows& of_key : rows_of_key_) {
      for (const Place& place : of_key.places) put(writer, *place.row);
    }
  }
  for (auto& [index, bucket] : buckets_) {
    bytes_ -= cost_of(bucket);
    for (Row* row : std::exchange(bucket.changed, {})) {
      if (writer.kind() == SnapshotKind::delta) put(writer, *row);
      row->is_changed = false;
    }
    bytes_ += cost_of(bucket);
  }
  if (keys_.size() > 0) return;
  keys_.release();
  release_memory(rows_of_key_);
  release_memory(ids_);
}

Status TimedRows::restore(const StateEntry& entry) {
  NewRow row;
  StateBytesReader value(entry.value);
  row.time_us = value.take<int64_t>();
  row.seen_us = value.take<int64_t>();
  row.is_matched = value.take<uint8_t>() != 0;
  row.bytes = value.take_rest();
  const size_t key_bytes = entry.key.size() - std::min(entry.key.size(), sizeof(uint64_t));
  StateBytesReader id_bytes(entry.key.substr(key_bytes));
  const auto id = id_bytes.take<uint64_t>();
  if (!value.is_good() || !id_bytes.is_finished()) {
    return fail(ErrorCode::state_corrupt, "a saved row of a join is malformed");
  }
  const Key key = keys_.intern(HashedKey(entry.key.substr(0, key_bytes)));
  rows_of_key_.resize(keys_.id_bound());
  next_id_ = std::max(next_id_, id + 1);
  insert(key, row, id, true);
  return {};
}

}  // namespace sluice
