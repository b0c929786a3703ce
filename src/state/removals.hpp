// Removals: entries of a store that are gone since the last snapshot, until the next one has said
// so. One owner, one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "state/state_bytes.hpp"
#include "state/state_io.hpp"

namespace sluice {

class Removals {
 public:
  void add(KeyGroup group, std::string_view key) {
    append_value(group.value, entries_);
    append_text(key, entries_);
  }
  uint64_t bytes() const { return entries_.empty() ? 0 : entries_.capacity(); }

  // A full snapshot needs no word of what is gone. Forgets them either way.
  void write(uint8_t table, StateWriter& writer) {
    const std::string entries = std::exchange(entries_, {});
    if (writer.kind() == SnapshotKind::full) return;
    StateBytesReader reader(entries);
    while (!reader.is_finished()) {
      const auto group = KeyGroup(reader.take<decltype(KeyGroup::value)>());
      writer.remove(table, group, reader.take_text());
    }
  }

 private:
  std::string entries_;  // group, key with its length
};

}  // namespace sluice
