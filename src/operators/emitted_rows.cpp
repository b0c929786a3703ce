#include "operators/emitted_rows.hpp"

#include <algorithm>

#include "operators/encoded_rows.hpp"
#include "operators/row_ttl.hpp"

namespace sluice {

namespace {

// The state is swept for dead entries each time the clock has moved by this part of the TTL.
constexpr int64_t sweeps_per_ttl = 16;
constexpr auto last_kind = static_cast<uint8_t>(FoundRow::Kind::refused);

}  // namespace

uint64_t EmittedRows::cost_of(const Sent& sent) { return sizeof(Sent) + sent.found.values.size(); }

void EmittedRows::append(SentRows& rows, Sent sent) {
  sent_bytes_ += cost_of(sent);
  rows.push_back(std::move(sent));
}

void EmittedRows::erase(SentRows& rows, SentRows::iterator sent) {
  sent_bytes_ -= cost_of(*sent);
  rows.erase(sent);
}

void EmittedRows::add(std::string_view key, const FoundRow& found, int64_t time_us) {
  SentRows& rows = rows_.change(key);
  if (key_is_unique_ && !rows.empty()) erase(rows, rows.begin());
  const auto same =
      std::find_if(rows.begin(), rows.end(), [&](const Sent& sent) { return sent.found == found; });
  if (same == rows.end()) return append(rows, {found, 1, time_us});
  ++same->count;
  same->time_us = std::max(same->time_us, time_us);
}

std::optional<FoundRow> EmittedRows::take(std::string_view key, int64_t time_us) {
  if (rows_.find(key) == nullptr) return std::nullopt;
  SentRows& rows = rows_.change(key);
  for (auto sent = rows.begin(); sent != rows.end();) {
    const bool is_dead = is_expired(sent->time_us, time_us, ttl_us_);
    const auto next = static_cast<size_t>(sent - rows.begin()) + (is_dead ? 0 : 1);
    if (is_dead) erase(rows, sent);
    sent = rows.begin() + static_cast<std::ptrdiff_t>(next);
  }
  std::optional<FoundRow> taken;
  if (!rows.empty()) {
    taken = rows.front().found;
    if (--rows.front().count == 0) erase(rows, rows.begin());
  }
  if (rows.empty()) rows_.remove(key);
  return taken;
}

void EmittedRows::sweep(int64_t watermark_us) {
  if (ttl_us_ == 0 || watermark_us - swept_us_ < ttl_us_ / sweeps_per_ttl) return;
  swept_us_ = watermark_us;
  rows_.remove_if([&](const SentRows& rows) {
    const bool is_dead = std::all_of(rows.begin(), rows.end(), [&](const Sent& sent) {
      return is_expired(sent.time_us, watermark_us, ttl_us_);
    });
    if (!is_dead) return false;
    for (const Sent& sent : rows) sent_bytes_ -= cost_of(sent);
    return true;
  });
}

// Per entry: time, count, what was found, and the length and bytes of the dimension's part.
void EmittedRows::encode(const SentRows& rows, std::string& out) {
  for (const Sent& sent : rows) {
    append_number(sent.time_us, out);
    append_number(sent.count, out);
    append_number(static_cast<uint8_t>(sent.found.kind), out);
    append_number(static_cast<uint32_t>(sent.found.values.size()), out);
    out.append(sent.found.values);
  }
}

bool EmittedRows::decode(std::string_view bytes, SentRows& rows) {
  do {
    Sent sent;
    uint8_t kind = 0;
    uint32_t length = 0;
    if (!take_number(bytes, sent.time_us) || !take_number(bytes, sent.count)) return false;
    if (!take_number(bytes, kind) || !take_number(bytes, length)) return false;
    if (sent.count < 1 || length > bytes.size() || kind > last_kind) return false;
    sent.found = {static_cast<FoundRow::Kind>(kind), std::string(bytes.substr(0, length))};
    bytes.remove_prefix(length);
    rows.push_back(std::move(sent));
  } while (!bytes.empty());
  return true;
}

void EmittedRows::snapshot(StateWriter& writer) { rows_.snapshot(writer, &EmittedRows::encode); }

Status EmittedRows::restore(const StateEntry& entry) {
  SentRows rows;
  if (!decode(entry.value, rows)) {
    return fail(ErrorCode::state_corrupt, "saved rows of a lookup join are malformed");
  }
  SentRows& restored = rows_.restore(entry.key);
  for (Sent& sent : rows) append(restored, std::move(sent));
  return {};
}

}  // namespace sluice
