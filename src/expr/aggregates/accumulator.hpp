// Accumulator: one aggregate call for all keys of a table: a column of states by the keys' ids.
// Values of a key may be added, taken back and merged in any order: the result is the same. Nothing
// fails before finish: sums are kept wider than their type, so that an overflow is judged by what
// the sum is and not by the order of its parts.
//
// Some keep values themselves: of DISTINCT, of functions that need their rows, and of states whose
// rows may be taken back but that cannot do that. Each value is then an element of state of its
// own, so that a checkpoint writes only what changed; an ElementLog hears which saved ones went
// away.
//
// Owned by a table of keys, one thread. The aggregate's bounds: ids given to any function are below
// the last resize.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "data/record_batch.hpp"
#include "state/state_bytes.hpp"

namespace sluice {

// Rows of a batch and, for each, the id of its key.
struct AccumulatorInput {
  const RecordBatch& batch;
  std::span<const size_t> arguments;  // columns of the batch
  std::span<const uint32_t> rows;
  std::span<const uint32_t> ids;

  const Column& argument(size_t index = 0) const { return batch.column(arguments[index]); }
};

// A key's ids in two tables.
struct IdPair {
  uint32_t from;
  uint32_t to;
};

class ElementLog {
 public:
  virtual ~ElementLog() = default;
  // A saved element is there no more.
  virtual void removed(uint32_t id, std::string_view element) = 0;
};

class ElementWriter {
 public:
  virtual ~ElementWriter() = default;
  virtual void put(uint32_t id, std::string_view element, std::string_view value) = 0;
};

class Accumulator {
 public:
  virtual ~Accumulator() = default;

  // States for ids below `ids`; new ones are empty.
  virtual void resize(size_t ids) = 0;
  virtual void add(const AccumulatorInput& input) = 0;
  // Takes back rows that were added. Retractable ones only.
  virtual void subtract(const AccumulatorInput& input) = 0;
  // Adds the states of another table to this one's, and takes them back. `from` is an insert_only
  // one of the same call; unmerge is for retractable ones, from the states that were merged.
  virtual void merge(const Accumulator& from, std::span<const IdPair> ids) = 0;
  virtual void unmerge(const Accumulator& from, std::span<const IdPair> ids) = 0;
  // Appends the result. Error value_out_of_range: nothing was appended. `rows`: of the key.
  virtual Status finish(uint32_t id, int64_t rows, ColumnBuilder& out) const = 0;
  virtual void clear(uint32_t id) = 0;
  virtual uint64_t allocated_bytes() const = 0;

  // The state without its elements; nothing where all is elements.
  virtual void save(uint32_t, std::string&) const {}
  virtual void load(uint32_t, StateBytesReader&) {}
  // Elements that changed since the last call, or all. Those written count as saved.
  virtual void save_elements(bool, ElementWriter&) {}
  // False: malformed, or a state without elements.
  virtual bool load_element(uint32_t, std::string_view, std::string_view) { return false; }
};

enum class AccumulatorMode : uint8_t {
  insert_only,
  retractable,  // subtract and unmerge are called; merges take insert_only ones
};

// What an accumulator is made for.
struct AccumulatorRequest {
  AccumulatorMode mode = AccumulatorMode::insert_only;
  bool has_filter = false;    // not all rows of a key are added
  ElementLog* log = nullptr;  // null: nothing is saved
};

}  // namespace sluice
