#include "state/timers.hpp"

#include "base/release_memory.hpp"
#include "state/state_bytes.hpp"

namespace sluice {

namespace {

// A node of the order: its value and what the tree adds.
constexpr uint64_t order_bytes = sizeof(std::pair<int64_t, uint32_t>) + 4 * sizeof(void*);

}  // namespace

void Timers::set_time(uint32_t id, int64_t time_us) {
  if (timers_.size() < keys_.id_bound()) timers_.resize(keys_.id_bound());
  Timer& timer = timers_[id];
  if (timer.is_set) order_.erase({timer.time_us, id});
  timer.time_us = time_us;
  timer.is_set = true;
  order_.insert({time_us, id});
}

void Timers::set(const HashedKey& key, int64_t time_us) {
  const uint32_t id = keys_.intern(key);
  const bool is_known = id < timers_.size() && timers_[id].is_set;
  if (is_known && timers_[id].time_us == time_us) return;
  set_time(id, time_us);
  if (!std::exchange(timers_[id].is_changed, true)) changed_.push_back(id);
}

void Timers::remove(uint32_t id) {
  Timer& timer = timers_[id];
  order_.erase({timer.time_us, id});
  timer.is_set = false;
  if (std::exchange(timer.is_saved, false)) {
    removals_.add(key_group_of(keys_.key(id)), keys_.key(id));
  }
  keys_.erase(id);
}

void Timers::remove(const HashedKey& key) {
  const uint32_t id = keys_.find(key);
  if (id != KeyTable::no_id) remove(id);
}

std::optional<int64_t> Timers::time_us(const HashedKey& key) const {
  const uint32_t id = keys_.find(key);
  return id == KeyTable::no_id ? std::nullopt : std::optional(timers_[id].time_us);
}

std::optional<Timers::Due> Timers::take_due(int64_t until_us) {
  if (order_.empty() || order_.begin()->first > until_us) return std::nullopt;
  const uint32_t id = order_.begin()->second;
  Due due{timers_[id].time_us, std::string(keys_.key(id))};
  remove(id);
  return due;
}

uint64_t Timers::bytes() const {
  return keys_.allocated_bytes() + timers_.capacity() * sizeof(Timer) +
         order_.size() * order_bytes + changed_.capacity() * sizeof(uint32_t) + removals_.bytes();
}

void Timers::write(uint32_t id, StateWriter& writer) {
  Timer& timer = timers_[id];
  timer.is_changed = false;
  if (!timer.is_set) return;
  timer.is_saved = true;
  std::string value;
  append_value(timer.time_us, value);
  writer.put(table_, key_group_of(keys_.key(id)), keys_.key(id), value);
}

// What went first, for it may have come again since.
void Timers::snapshot(StateWriter& writer) {
  removals_.write(table_, writer);
  if (writer.kind() == SnapshotKind::full) {
    for (uint32_t id = 0; id < timers_.size(); ++id) write(id, writer);
  } else {
    for (const uint32_t id : changed_) {
      if (timers_[id].is_changed) write(id, writer);
    }
  }
  release_memory(changed_);
  if (keys_.size() > 0) return;
  keys_.release();
  release_memory(timers_);
}

Status Timers::restore(const StateEntry& entry) {
  StateBytesReader bytes(entry.value);
  const auto time_us = bytes.take<int64_t>();
  if (!bytes.is_finished()) {
    return fail(ErrorCode::state_corrupt, "a saved timer is malformed");
  }
  const uint32_t id = keys_.intern(HashedKey(entry.key));
  set_time(id, time_us);
  timers_[id].is_saved = true;
  return {};
}

}  // namespace sluice
