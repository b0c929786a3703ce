// StateBuffer: the StateWriter that tasks fill at a barrier: entries of many operators as bytes
// ready for a state file, in memory. Filled by one task's thread, then moved to the coordinator,
// which writes it out. Layout: storage/FORMAT.md.
//
// Its bytes are charged to the pipeline's budget until it dies. After what does not fit nothing
// more is kept, and finish() tells.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "memory/memory_pool.hpp"
#include "state/state_io.hpp"

namespace sluice {

class StateBuffer final : public StateWriter {
 public:
  // The pool outlives it.
  StateBuffer(SnapshotKind kind, MemoryPool& memory);

  // Entries that follow belong to this StreamGraph::state_id.
  void begin_node(std::string_view state_id);
  SnapshotKind kind() const override { return kind_; }
  void put(uint8_t table, KeyGroup group, std::string_view key, std::string_view value) override;
  void remove(uint8_t table, KeyGroup group, std::string_view key) override;

  // Closes the last block; afterwards blocks() are final. Errors naming the state: budget_exceeded,
  // and entry_too_large for one that no block takes.
  Status finish();
  // Blocks, each under 1 MiB unless one entry is larger.
  const std::vector<std::string>& blocks() const { return blocks_; }
  uint64_t bytes() const;
  uint64_t entries() const { return entries_; }

 private:
  void append(uint8_t flags, uint8_t table, KeyGroup group, std::string_view key,
              std::string_view value);
  void refuse(size_t bytes);
  void open_block(size_t needed);
  void close_block();
  // Whether what is held fits the budget.
  bool charge();

  SnapshotKind kind_;
  std::vector<std::string> blocks_;
  std::string current_;
  std::string node_;
  uint64_t entries_ = 0;
  uint64_t closed_bytes_ = 0;
  std::unique_ptr<Reservation> memory_;
  Status outcome_;
};

}  // namespace sluice
