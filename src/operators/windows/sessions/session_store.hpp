// SessionStore: the sessions of every partition, and the aggregates of each of their groups. A row
// opens a session, is in one that is there, which may grow by it, or makes one of several. The
// sessions of a partition neither overlap nor touch.
//
// A group has an id in the table of aggregates. Its key there is its values and, behind them, its
// session's number, which tells the sessions of a partition apart. State entries: those of the
// table; the companion's part is the key of the partition with its length, start and end of the
// session, and, behind a byte that says whether there is any, those of what was sent. They are in
// the key group of the partition's key. Owned by one operator's instance, one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "operators/aggregates/aggregate_table.hpp"
#include "state/key_table.hpp"
#include "windows/window_columns.hpp"

namespace sluice {

struct Session {
  WindowSpan span;
  int64_t number = 0;
  uint32_t partition = 0;
  std::vector<uint32_t> ids;  // of its groups
  // Of the batch at hand.
  bool has_grown = false;       // its span is another one
  bool lost_sent_rows = false;  // another one that is in it now was sent before
  Session* merged_into = nullptr;
};

class SessionStore final : public StateStore, AggregateCompanion {
 public:
  using Sessions = std::vector<std::unique_ptr<Session>>;  // of a partition, by their spans

  // The layout's last key is the session's number, a bigint; it outlives the store.
  SessionStore(const AggregateLayout& layout, int64_t gap_us);

  AggregateTable& table() { return table_; }
  const AggregateTable& table() const { return table_; }

  // The session of a row of that partition. `take_back` sees each group that was sent and whose
  // session is in another one now, before it goes.
  using TakeBack = std::function<Status(uint32_t id)>;
  Result<Session*> place(const HashedKey& key, int64_t time_us, const TakeBack& take_back);
  // What place() gave is in this session now.
  static Session& current(Session& placed);
  // Adds rows whose numbers are those of these sessions, which place() gave; their groups' ids.
  void add(const RecordBatch& batch, const BatchKeys& keys, std::span<const uint32_t> rows,
           std::span<Session* const> sessions, std::vector<uint32_t>& ids);
  // Forgets what is only of the batch at hand.
  void end_batch() { merged_.clear(); }

  // Null: there is none.
  const Sessions* of_partition(const HashedKey& key) const;
  // Of the partition that a session is in; valid until the next place() or free_until().
  HashedKey key_of(const Session& session) const { return partitions_[session.partition]; }
  Session& session_of(uint32_t id) const { return *groups_[id].session; }
  // Frees the sessions of a partition that end up to there; how many rows they had.
  int64_t free_until(const HashedKey& key, int64_t end_us);

  // What was sent of a group and has not been taken back.
  const std::optional<WindowSpan>& sent(uint32_t id) const { return groups_[id].sent; }
  void set_sent(uint32_t id, std::optional<WindowSpan> span);

  bool has_table(uint8_t table) const override { return AggregateTable::has_table(table); }
  uint64_t bytes() const override;
  void snapshot(StateWriter& writer) override;
  Status restore(const StateEntry& entry) override;

 private:
  struct Group {
    Session* session = nullptr;
    std::optional<WindowSpan> sent;
  };

  void save(uint32_t id, std::string& out) const override;
  void load(uint32_t id, StateBytesReader& bytes) override;
  std::optional<KeyGroup> group_of(uint32_t id) const override;

  uint32_t partition_of(const HashedKey& key);
  Session& insert(uint32_t partition, WindowSpan span, int64_t number);
  void attach(uint32_t id, Session& session);
  void grow(Session& session, WindowSpan span);
  Status absorb(Session& from, Session& into, const TakeBack& take_back);
  void erase_groups(const Session& session);
  int64_t rows_of(const Session& session) const;

  const int64_t gap_us_;
  AggregateTable table_;
  KeyTable partitions_;
  std::vector<Sessions> sessions_;                // by the partitions' ids
  std::vector<Group> groups_;                     // by id
  std::vector<std::unique_ptr<Session>> merged_;  // of the batch at hand
  int64_t next_number_ = 0;
  uint64_t session_bytes_ = 0;
};

}  // namespace sluice
