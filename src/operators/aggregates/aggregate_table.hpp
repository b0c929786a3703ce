// AggregateTable: the accumulators of all keys of one group of rows: of an unwindowed GROUP BY, of
// one pane of windows, or of a window that is being put together. Keys are interned to dense ids;
// rows and accumulators live in columns by id.
//
// A table that is saved knows its prefix of state keys and what changed since the last snapshot:
// entries (table 0) of a key's rows and accumulators, elements (table 1) of single values. Owned by
// an operator's instance, one thread. Only reading results and restoring can fail.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/key_encoder.hpp"
#include "expr/aggregates/accumulator.hpp"
#include "expr/aggregates/aggregate_call.hpp"
#include "state/key_table.hpp"
#include "state/removals.hpp"
#include "state/state_store.hpp"

namespace sluice {

// What all tables of one operator have in common. Outlives them.
struct AggregateLayout {
  AggregateLayout(SchemaPtr input, std::vector<size_t> key_columns,
                  std::vector<AggregateCall> calls);
  SchemaPtr input;
  KeyEncoder keys;
  std::vector<AggregateCall> calls;
};

// What the owner of a table keeps per id and wants saved in the key's entry.
class AggregateCompanion {
 public:
  virtual ~AggregateCompanion() = default;
  virtual void save(uint32_t id, std::string& out) const = 0;
  virtual void load(uint32_t id, StateBytesReader& bytes) = 0;
  // The key group of the key's entries, where it is not that of the key's own hash.
  virtual std::optional<KeyGroup> group_of(uint32_t) const { return std::nullopt; }
};

class AggregateTable {
 public:
  static constexpr uint8_t entry_table = 0;
  static constexpr uint8_t element_table = 1;

  struct Settings {
    AccumulatorMode mode = AccumulatorMode::insert_only;
    std::optional<std::string> state_prefix;  // none: the table is never saved
    AggregateCompanion* companion = nullptr;
  };
  // Things a key may be marked with until somebody has dealt with them.
  enum class Mark : uint64_t {
    changed = uint64_t{1} << 62,  // saved with the key
    corrected = uint64_t{1} << 61,
  };

  AggregateTable(const AggregateLayout& layout, Settings settings);
  ~AggregateTable();
  AggregateTable(const AggregateTable&) = delete;
  AggregateTable& operator=(const AggregateTable&) = delete;

  // Ids of the rows' keys; a new key has no rows.
  void intern(const RecordBatch& batch, const BatchKeys& keys, std::span<const uint32_t> rows,
              std::vector<uint32_t>& ids);
  // The id of another table's key.
  uint32_t intern(const AggregateTable& from, uint32_t id);
  uint32_t find(const AggregateTable& from, uint32_t id) const;
  // The id of a key by its bytes, whose values are those of `like`, a key of this table.
  uint32_t intern(std::string_view key, uint32_t like);

  // Adds rows: to the keys' numbers of rows and to their accumulators.
  void add(const RecordBatch& batch, std::span<const uint32_t> rows, std::span<const uint32_t> ids);
  // The two halves of it, for rows that may be taken back; direction 1 or -1.
  void change_rows(uint32_t id, int64_t difference);
  void accumulate(const RecordBatch& batch, std::span<const uint32_t> rows,
                  std::span<const uint32_t> ids, int direction);
  // Adds the keys of another table of this layout, and takes them back.
  void merge(const AggregateTable& from, std::span<const uint32_t> ids);
  void unmerge(const AggregateTable& from, std::span<const uint32_t> ids);
  // Adds what one key has to another one, and erases it.
  void move(uint32_t from, uint32_t to);
  // No rows and empty accumulators; the key stays.
  void clear(uint32_t id);
  void erase(uint32_t id);

  const KeyTable& keys() const { return keys_; }
  int64_t rows(uint32_t id) const { return static_cast<int64_t>(words_[id] & rows_mask); }
  int64_t total_rows() const { return total_rows_; }
  std::vector<uint32_t> live_ids() const;
  uint64_t allocated_bytes() const;

  // Notes that the key's entry must be saved again.
  void touch(uint32_t id);
  void mark(uint32_t id, Mark mark);
  // The marked ids, each once, in the order of their marking. They are no longer marked.
  std::vector<uint32_t> take_marked(Mark mark);
  bool has_marked(Mark mark) const { return !marked(mark).empty(); }
  bool is_marked(uint32_t id, Mark mark) const {
    return (words_[id] & static_cast<uint64_t>(mark)) != 0;
  }

  // Appends the key's values, one per builder.
  Status append_key(uint32_t id, std::vector<ColumnBuilder>& builders) const;
  // Appends the results, one per builder: the first Error, with NULL in its place.
  Status append_results(uint32_t id, std::vector<ColumnBuilder>& builders) const;

  void snapshot(StateWriter& writer);
  // Entries and elements of a table that goes away, as removals of the next delta.
  void remove_all(StateWriter& writer);
  // `key`: of the state entry, without the prefix. Error state_corrupt.
  Status restore(uint8_t table, std::string_view key, std::string_view value);
  static bool has_table(uint8_t table) { return table == entry_table || table == element_table; }

 private:
  static constexpr uint64_t touched_bit = uint64_t{1} << 63;
  static constexpr uint64_t saved_bit = uint64_t{1} << 60;
  static constexpr uint64_t rows_mask = saved_bit - 1;

  class CallLog;

  const std::vector<uint32_t>& marked(Mark mark) const {
    return mark == Mark::changed ? changed_ : corrected_;
  }
  void resize();
  KeyGroup group_of(uint32_t id) const;
  void write_removals(StateWriter& writer);
  void accumulate_call(size_t call, const AccumulatorInput& input, int direction);
  std::string entry_key(uint32_t id) const;
  std::string element_key(uint32_t id, size_t call, std::string_view element) const;
  void write_entry(uint32_t id, StateWriter& writer);
  Status restore_entry(uint32_t id, std::string_view value);
  uint32_t restore_key(std::string_view key);

  const AggregateLayout& layout_;
  const Settings settings_;
  KeyTable keys_;
  std::vector<uint64_t> words_;          // rows, and what the key is marked with
  std::vector<std::string> key_values_;  // where the keys' bytes do not hold them
  std::vector<std::unique_ptr<CallLog>> logs_;
  std::vector<std::unique_ptr<Accumulator>> accumulators_;
  std::vector<uint32_t> touched_;
  std::vector<uint32_t> changed_;
  std::vector<uint32_t> corrected_;
  uint64_t key_value_bytes_ = 0;
  Removals removed_entries_;
  Removals removed_elements_;
  int64_t total_rows_ = 0;
  std::vector<uint32_t> filtered_rows_;
  std::vector<uint32_t> filtered_ids_;
};

}  // namespace sluice
