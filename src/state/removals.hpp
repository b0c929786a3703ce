// Removals: entries of a store that are gone since the last snapshot, until the next one has said
// so. One owner, one thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "state/state_io.hpp"

namespace sluice {

class Removals {
 public:
  void add(KeyGroup group, std::string key) {
    bytes_ += key.size() + sizeof(Removal);
    removals_.push_back({group, std::move(key)});
  }
  uint64_t bytes() const { return bytes_; }

  // A full snapshot needs no word of what is gone. Forgets them either way.
  void write(uint8_t table, StateWriter& writer) {
    if (writer.kind() == SnapshotKind::delta) {
      for (const Removal& gone : removals_) writer.remove(table, gone.group, gone.key);
    }
    removals_ = {};
    bytes_ = 0;
  }

 private:
  struct Removal {
    KeyGroup group;
    std::string key;
  };
  std::vector<Removal> removals_;
  uint64_t bytes_ = 0;
};

}  // namespace sluice
