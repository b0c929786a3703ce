// EmittedRows: what a lookup join has sent, or refused, for rows that may be taken back: the
// dimension's part, by the bytes of the row's key. Where the key tells rows apart, a row replaces
// the one before of its key. Where the key is the whole row, equal rows are counted by what they
// were sent with, and what was sent first is taken back first. TTL: an entry is dead for a row iff
// row time > time of its last row + ttl; sweep() only frees. One operator's, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "state/time_to_live.hpp"
#include "state/value_table.hpp"

namespace sluice {

// What the dimension table has for a row.
struct FoundRow {
  // refused: a row that does not fit, so that the row that needs it is not sent.
  enum class Kind : uint8_t { missing, found, refused };
  Kind kind = Kind::missing;
  // Of found: the dimension's part of the row, as RowCodec encodes it; of refused: why.
  std::string values;

  bool operator==(const FoundRow&) const = default;
};

class EmittedRows {
 private:
  // Equal rows that were sent with the same.
  struct Sent {
    FoundRow found;
    int64_t count = 0;
    int64_t time_us = 0;  // of the last of them
  };
  // In the order in which they were first sent.
  struct SentRows {
    std::vector<Sent> rows;

    void encode(std::string& out) const;
    static std::optional<SentRows> decode(std::string_view bytes);
    uint64_t owned_bytes() const;
  };

 public:
  using Handle = ValueTable<SentRows>::Handle;

  // `ttl_us` 0: for ever.
  EmittedRows(bool key_is_unique, int64_t ttl_us) : key_is_unique_(key_is_unique), ttl_(ttl_us) {}

  // The keys of a batch's rows, until end_batch().
  void probe(const BatchKeys& keys, std::vector<Handle>& handles) { rows_.probe(keys, handles); }
  void end_batch() { rows_.end_batch(); }
  void add(Handle key, const FoundRow& found, int64_t time_us);
  // What a row was sent with that is taken back by a row of `time_us`, and forgets it; none when
  // that is not known.
  std::optional<FoundRow> take(Handle key, int64_t time_us);
  // Frees what is dead for every row that is not behind the watermark.
  void sweep(int64_t watermark_us);

  StateStore& store() { return rows_; }

 private:
  bool key_is_unique_;
  TimeToLive ttl_;
  ValueTable<SentRows> rows_{0, "a row of a lookup join"};
};

}  // namespace sluice
