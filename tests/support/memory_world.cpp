#include "support/memory_world.hpp"

#include <algorithm>
#include <new>

namespace sluice::test {

void MemoryWorld::append(const std::string& stream, size_t partition, const std::string& value) {
  const std::lock_guard lock(mutex_);
  std::vector<Partition>& partitions = streams_[stream];
  if (partitions.size() <= partition) partitions.resize(partition + 1);
  partitions[partition].push_back(value);
}

void MemoryWorld::finish() {
  const std::lock_guard lock(mutex_);
  is_finished_ = true;
}

void MemoryWorld::fail_polls(std::optional<Error> error) {
  const std::lock_guard lock(mutex_);
  poll_error_ = std::move(error);
}

void MemoryWorld::throw_at_next(Call call) {
  const std::lock_guard lock(mutex_);
  throws_at_ = call;
}

void MemoryWorld::throw_if_planned(Call call) {
  if (throws_at_ != call) return;
  throws_at_.reset();
  throw std::bad_alloc();
}

void MemoryWorld::randomize(uint64_t seed) {
  const std::lock_guard lock(mutex_);
  random_.emplace(seed);
}

uint64_t MemoryWorld::polls_failed() const {
  const std::lock_guard lock(mutex_);
  return polls_failed_;
}

std::vector<size_t> MemoryWorld::assigned() const {
  const std::lock_guard lock(mutex_);
  return assigned_;
}

size_t MemoryWorld::records_read(const std::string& stream, size_t partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = read_.find({stream, partition});
  return found == read_.end() ? 0 : found->second;
}

void MemoryWorld::put_lookup(const std::string& key, const std::string& value) {
  const std::lock_guard lock(mutex_);
  lookup_[key] = value;
}

void MemoryWorld::hold_lookups() {
  const std::lock_guard lock(mutex_);
  lookups_held_ = true;
}

void MemoryWorld::release_lookups() {
  {
    const std::lock_guard lock(mutex_);
    lookups_held_ = false;
  }
  condition_.notify_all();
}

void MemoryWorld::wait_for_held_lookup() {
  std::unique_lock lock(mutex_);
  condition_.wait(lock, [this] { return lookups_waiting_ > 0; });
}

std::vector<std::string> MemoryWorld::published(const std::string& table) const {
  std::vector<std::string> texts;
  for (const FakeTarget::Row& row : target_.rows()) {
    if (row.sink == table) texts.push_back(row.bytes);
  }
  return texts;
}

std::vector<std::string> MemoryWorld::folded(const std::string& table, size_t key_columns) const {
  std::vector<std::string> rows;
  std::map<std::string, std::string> by_key;
  for (const std::string& change : published(table)) {
    const std::string row = change.substr(3);
    size_t end = 0;
    for (size_t i = 0; i < key_columns; ++i) end = std::min(row.size(), row.find('|', end) + 1);
    if (key_columns == 0) rows.push_back(row);
    if (key_columns > 0) by_key[row.substr(0, end)] = change.starts_with("-") ? "" : row;
  }
  for (const auto& [key, row] : by_key) {
    if (!row.empty()) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

}  // namespace sluice::test
