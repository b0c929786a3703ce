#include "operators/emitted_rows.hpp"

#include <algorithm>

#include "state/state_bytes.hpp"

namespace sluice {

namespace {

constexpr auto last_kind = static_cast<uint8_t>(FoundRow::Kind::refused);

}  // namespace

void EmittedRows::add(Handle key, const FoundRow& found, int64_t time_us) {
  rows_.change(key, [&](SentRows& sent) {
    if (key_is_unique_) sent.rows.clear();
    const auto same = std::find_if(sent.rows.begin(), sent.rows.end(),
                                   [&](const Sent& known) { return known.found == found; });
    if (same == sent.rows.end()) {
      sent.rows.push_back({found, 1, time_us});
      return;
    }
    ++same->count;
    same->time_us = std::max(same->time_us, time_us);
  });
}

std::optional<FoundRow> EmittedRows::take(Handle key, int64_t time_us) {
  if (rows_.find(key) == nullptr) return std::nullopt;
  std::optional<FoundRow> taken;
  bool is_empty = false;
  rows_.change(key, [&](SentRows& sent) {
    std::erase_if(sent.rows,
                  [&](const Sent& known) { return ttl_.is_expired(known.time_us, time_us); });
    if (!sent.rows.empty()) {
      taken = sent.rows.front().found;
      if (--sent.rows.front().count == 0) sent.rows.erase(sent.rows.begin());
    }
    is_empty = sent.rows.empty();
  });
  if (is_empty) rows_.remove(key);
  return taken;
}

void EmittedRows::sweep(int64_t watermark_us) {
  if (!ttl_.is_sweep_due(watermark_us)) return;
  rows_.remove_if([&](const SentRows& sent) {
    return std::all_of(sent.rows.begin(), sent.rows.end(), [&](const Sent& known) {
      return ttl_.is_expired(known.time_us, watermark_us);
    });
  });
}

// Per entry: time, count, what was found, and the length and bytes of the dimension's part.
void EmittedRows::SentRows::encode(std::string& out) const {
  for (const Sent& sent : rows) {
    append_value(sent.time_us, out);
    append_value(sent.count, out);
    append_value(static_cast<uint8_t>(sent.found.kind), out);
    append_value(static_cast<uint32_t>(sent.found.values.size()), out);
    out.append(sent.found.values);
  }
}

std::optional<EmittedRows::SentRows> EmittedRows::SentRows::decode(std::string_view saved) {
  StateBytesReader bytes(saved);
  SentRows sent;
  do {
    Sent& row = sent.rows.emplace_back();
    row.time_us = bytes.take<int64_t>();
    row.count = bytes.take<int64_t>();
    const auto kind = bytes.take<uint8_t>();
    row.found = {static_cast<FoundRow::Kind>(kind),
                 std::string(bytes.take_bytes(bytes.take<uint32_t>()))};
    if (!bytes.is_good() || row.count < 1 || kind > last_kind) return std::nullopt;
  } while (!bytes.is_finished());
  return sent;
}

uint64_t EmittedRows::SentRows::owned_bytes() const {
  uint64_t bytes = rows.size() * sizeof(Sent);
  for (const Sent& sent : rows) bytes += sent.found.values.size();
  return bytes;
}

}  // namespace sluice
