// StateStore: keyed state of an operator, of one kind of access, with all that a checkpoint and the
// budget need of it inside: what it weighs, what changed since the last snapshot, how it is written
// and read back. StateStores: all of an operator's. An operator holds no container of its own that
// grows with data, but what it derives from them.
//
// Owned by one operator, one thread. An entry's key group is that of its key's hash, which the
// exchange before the operator has hashed the rows by.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "memory/memory_pool.hpp"
#include "state/state_io.hpp"

namespace sluice {

class StateStore {
 public:
  StateStore() = default;
  virtual ~StateStore() = default;
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  // Whether entries of this table are its own.
  virtual bool has_table(uint8_t table) const = 0;
  // Of keys and values, and of what is noted for the next snapshot. Cheap.
  virtual uint64_t bytes() const = 0;
  // Everything, or what changed since the last one, as writer.kind() says. A store that is empty
  // gives its memory back.
  virtual void snapshot(StateWriter& writer) = 0;
  // Takes one entry of its tables. Error state_corrupt.
  virtual Status restore(const StateEntry& entry) = 0;
};

class StateStores {
 public:
  // They outlive this, and have different tables.
  StateStores(std::initializer_list<StateStore*> stores) : stores_(stores) {}

  // `who` is named when the budget is too small; `gauge` follows.
  void open(MemoryPool& memory, std::string who, Counter* gauge);
  // Charges what they weigh, and what is derived from them. To be called before rows leave.
  Status charge(uint64_t derived_bytes = 0);
  void snapshot(StateWriter& writer);
  Status restore(const StateEntry& entry);

 private:
  const std::vector<StateStore*> stores_;
  std::optional<Reservation> reservation_;
};

}  // namespace sluice
