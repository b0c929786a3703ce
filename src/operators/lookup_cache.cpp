#include "operators/lookup_cache.hpp"

namespace sluice {

uint64_t LookupCache::cost_of(std::string_view key, const Entry& entry) {
  constexpr uint64_t overhead_bytes = sizeof(Entry) + sizeof(std::string) + 96;
  return overhead_bytes + key.size() + entry.row.values.size();
}

const LookupCache::Entry* LookupCache::find(std::string_view key, int64_t now_us) {
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.second.expires_us <= now_us) return nullptr;
  Entry& entry = found->second.second;
  by_use_.splice(by_use_.begin(), by_use_, entry.used);
  return &entry;
}

Status LookupCache::put(std::string_view key, FoundRow row, int64_t now_us) {
  auto found = entries_.find(key);
  if (found == entries_.end()) {
    if (entries_.size() >= settings_.max_rows) evict();
    auto owned = std::make_unique<std::string>(key);
    const std::string_view view = *owned;
    by_use_.push_front(view);
    found = entries_.emplace(view, std::pair(std::move(owned), Entry{})).first;
    found->second.second.used = by_use_.begin();
  } else {
    bytes_ -= cost_of(key, found->second.second);
    by_use_.splice(by_use_.begin(), by_use_, found->second.second.used);
  }
  Entry& entry = found->second.second;
  const bool is_found = row.kind == FoundRow::Kind::found;
  entry.expires_us = now_us + (is_found ? settings_.ttl_us : settings_.missing_ttl_us);
  entry.row = std::move(row);
  bytes_ += cost_of(key, entry);
  // What is cached can be asked again: it makes room before the pipeline stops for want of it.
  Status held = reservation_.resize(bytes_);
  while (!held && entries_.size() > 1) {
    evict();
    held = reservation_.resize(bytes_);
  }
  return held;
}

void LookupCache::evict() {
  if (by_use_.empty()) return;
  const auto oldest = entries_.find(by_use_.back());
  bytes_ -= cost_of(oldest->first, oldest->second.second);
  by_use_.pop_back();
  entries_.erase(oldest);
}

}  // namespace sluice
