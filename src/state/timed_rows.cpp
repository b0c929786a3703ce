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

// How far ahead keys are fetched, and then what they lead to.
constexpr size_t prefetched_keys = 48;
constexpr size_t prefetched_rows = 24;

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

uint64_t TimedRows::cost_of(const Places& places) {
  return places.capacity() > 1 ? places.capacity() * sizeof(Place) : 0;
}

uint64_t TimedRows::bytes() const {
  uint64_t bytes = keys_.allocated_bytes() + places_.capacity() * sizeof(Places) + bytes_;
  for (const List& list : lists_) bytes += list.removals.bytes();
  return bytes;
}

// Times before zero are rounded down too; the last bucket ends with time itself.
TimedRows::Bucket& TimedRows::bucket_at(List& list, int64_t time_us) {
  if (list.newest != nullptr && list.newest->takes(time_us)) return *list.newest;
  int64_t index = time_us / bucket_us_;
  if (time_us % bucket_us_ < 0) --index;
  int64_t first_us = INT64_MIN;
  int64_t end_us = INT64_MAX;
  if (__builtin_mul_overflow(index, bucket_us_, &first_us)) first_us = INT64_MIN;
  const bool ends_with_time = __builtin_mul_overflow(index + 1, bucket_us_, &end_us);
  const auto [bucket, is_new] = list.buckets.try_emplace(first_us);
  if (is_new) {
    bucket->second.first_us = first_us;
    bucket->second.last_us = ends_with_time ? INT64_MAX : end_us - 1;
    bytes_ += cost_of(bucket->second);
  }
  list.newest = &bucket->second;
  return bucket->second;
}

void TimedRows::intern(const BatchKeys& keys, std::span<const uint32_t> rows,
                       std::vector<Key>& found) {
  keys_.intern(keys, rows, found);
  places_.resize(keys_.id_bound() * lists_.size());
}

void TimedRows::add(size_t list, std::span<const Key> keys, std::span<const NewRow> added) {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (i + prefetched_keys < keys.size()) prefetch(keys[i + prefetched_keys]);
    insert(list, keys[i], added[i], next_id_++, false);
  }
}

// Rows mostly come in the order of their times, so that few have to make room. A key is listed by a
// bucket once: where one of its rows lies there, it is next to the new one.
void TimedRows::insert(size_t list, Key key, const NewRow& added, uint64_t id, bool is_saved) {
  Places& places = places_of(list, key);
  Bucket& bucket = bucket_at(lists_[list], added.time_us);
  bytes_ -= cost_of(bucket) + cost_of(places);
  char* const memory = bucket.blocks.allocate(aligned(sizeof(Row) + added.bytes.size()));
  Row* const row = new (memory) Row{.time_us = added.time_us,
                                    .seen_us = added.seen_us,
                                    .id = id,
                                    .size = static_cast<uint32_t>(added.bytes.size()),
                                    .is_matched = added.is_matched,
                                    .is_changed = false,
                                    .is_saved = is_saved,
                                    .key = key};
  if (!added.bytes.empty()) std::memcpy(row + 1, added.bytes.data(), added.bytes.size());
  const Place place{row->time_us, row};
  auto next = places.end();
  if (!places.empty() && !comes_before(places.back(), place)) {
    next = std::upper_bound(places.begin(), places.end(), place, comes_before);
  }
  const bool is_listed = (next != places.begin() && bucket.takes((next - 1)->time_us)) ||
                         (next != places.end() && bucket.takes(next->time_us));
  if (!is_listed) bucket.keys.push_back(key);
  places.insert(next, place);
  if (!is_saved) note_changed(*row, bucket);
  bytes_ += cost_of(bucket) + cost_of(places);
}

std::span<const Place> TimedRows::range(size_t list, Key key, int64_t first_us,
                                        int64_t last_us) const {
  if (first_us > last_us) return {};
  const Places& places = places_[key * lists_.size() + list];
  const auto first =
      std::lower_bound(places.begin(), places.end(), first_us,
                       [](const Place& place, int64_t time_us) { return place.time_us < time_us; });
  const auto last =
      std::upper_bound(first, places.end(), last_us,
                       [](int64_t time_us, const Place& place) { return time_us < place.time_us; });
  return {first, last};
}

void TimedRows::mark_matched(size_t list, Row& row) {
  if (row.is_matched) return;
  row.is_matched = true;
  Bucket& bucket = bucket_at(lists_[list], row.time_us);
  bytes_ -= cost_of(bucket);
  note_changed(row, bucket);
  bytes_ += cost_of(bucket);
}

void TimedRows::note_changed(Row& row, Bucket& bucket) {
  if (!std::exchange(row.is_changed, true)) bucket.changed.push_back(&row);
}

Result<TimedRows::Freed> TimedRows::free_before(
    size_t list, int64_t cut_us, const std::function<Status(const Row&)>& on_unmatched) {
  Freed freed;
  auto& buckets = lists_[list].buckets;
  while (!buckets.empty() && time_after(buckets.begin()->second.last_us) <= cut_us) {
    const Bucket oldest = std::move(buckets.begin()->second);
    buckets.erase(buckets.begin());
    lists_[list].newest = nullptr;
    bytes_ -= cost_of(oldest);
    const std::vector<Key>& keys = oldest.keys;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (i + prefetched_keys < keys.size()) {
        prefetch(keys[i + prefetched_keys]);
        keys_.prefetch_key(keys[i + prefetched_keys]);
      }
      if (i + prefetched_rows < keys.size()) {
        prefetch_rows(list, keys[i + prefetched_rows]);
        keys_.prefetch_slot(keys[i + prefetched_rows]);
      }
      SLUICE_TRY(free_rows(list, keys[i], oldest, freed, on_unmatched));
      forget_if_empty(keys[i]);
    }
  }
  return freed;
}

// There are none before the bucket.
Status TimedRows::free_rows(size_t list, Key key, const Bucket& bucket, Freed& freed,
                            const std::function<Status(const Row&)>& on_unmatched) {
  Places& places = places_of(list, key);
  List& of = lists_[list];
  auto place = places.begin();
  for (; place != places.end() && place->time_us <= bucket.last_us; ++place) {
    const Row& row = *place->row;
    of.freed_before_us = std::max(of.freed_before_us, time_after(row.time_us));
    ++(row.is_matched ? freed.matched : freed.unmatched);
    if (!row.is_matched && on_unmatched) SLUICE_TRY(on_unmatched(row));
    if (!row.is_saved) continue;
    write_entry_key(row);
    of.removals.add(key_group_of(keys_.key(key)), entry_key_);
  }
  bytes_ -= cost_of(places);
  places.erase(places.begin(), place);
  if (places.empty()) places.shrink_to_fit();
  bytes_ += cost_of(places);
  return {};
}

void TimedRows::forget_if_empty(Key key) {
  const auto lists = std::span(places_).subspan(key * lists_.size(), lists_.size());
  const bool is_empty =
      std::all_of(lists.begin(), lists.end(), [](const Places& places) { return places.empty(); });
  if (is_empty) keys_.erase(key);
}

void TimedRows::write_entry_key(const Row& row) {
  entry_key_.assign(keys_.key(row.key));
  append_value(row.id, entry_key_);
}

void TimedRows::put(size_t list, StateWriter& writer, Row& row) {
  std::string value;
  append_value(row.time_us, value);
  append_value(row.seen_us, value);
  append_value<uint8_t>(row.is_matched ? 1 : 0, value);
  value.append(row.bytes());
  write_entry_key(row);
  const KeyGroup group = key_group_of(keys_.key(row.key));
  writer.put(static_cast<uint8_t>(list), group, entry_key_, value);
  row.is_saved = true;
}

void TimedRows::snapshot(StateWriter& writer) {
  for (size_t list = 0; list < lists_.size(); ++list) {
    lists_[list].removals.write(static_cast<uint8_t>(list), writer);
    if (writer.kind() == SnapshotKind::full) {
      for (size_t at = list; at < places_.size(); at += lists_.size()) {
        for (const Place& place : places_[at]) put(list, writer, *place.row);
      }
    }
    for (auto& [first_us, bucket] : lists_[list].buckets) {
      bytes_ -= cost_of(bucket);
      const std::vector<Row*> changed = std::exchange(bucket.changed, {});
      for (size_t i = 0; i < changed.size(); ++i) {
        if (i + prefetched_keys < changed.size()) __builtin_prefetch(changed[i + prefetched_keys]);
        if (i + prefetched_rows < changed.size()) {
          keys_.prefetch_key(changed[i + prefetched_rows]->key);
        }
        if (writer.kind() == SnapshotKind::delta) put(list, writer, *changed[i]);
        changed[i]->is_changed = false;
      }
      bytes_ += cost_of(bucket);
    }
  }
  if (keys_.size() > 0) return;
  keys_.release();
  release_memory(places_);
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
  places_.resize(keys_.id_bound() * lists_.size());
  next_id_ = std::max(next_id_, id + 1);
  insert(entry.table, key, row, id, true);
  return {};
}

}  // namespace sluice
