// StateBuffer: the StateWriter that tasks fill at a barrier: entries of many operators as bytes
// ready for a state file, in memory. Filled by one task's thread, then moved to the coordinator,
// which writes it out. Layout: storage/FORMAT.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "state/state_io.hpp"

namespace sluice {

class StateBuffer final : public StateWriter {
 public:
  explicit StateBuffer(SnapshotKind kind) : kind_(kind) {}

  // Entries that follow belong to this StreamGraph::state_id.
  void begin_node(std::string_view state_id);
  SnapshotKind kind() const override { return kind_; }
  void put(uint8_t table, KeyGroup group, std::string_view key, std::string_view value) override;
  void remove(uint8_t table, KeyGroup group, std::string_view key) override;

  // Closes the last block; afterwards blocks() are final.
  void finish();
  // Blocks, each under 1 MiB unless one entry is larger.
  const std::vector<std::string>& blocks() const { return blocks_; }
  uint64_t bytes() const;
  uint64_t entries() const { return entries_; }

 private:
  void append(uint8_t flags, uint8_t table, KeyGroup group, std::string_view key,
              std::string_view value);

  SnapshotKind kind_;
  std::vector<std::string> blocks_;
  std::string current_;
  std::string node_;
  uint64_t entries_ = 0;
};

}  // namespace sluice
