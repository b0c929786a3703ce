// Accumulator: one aggregate call for all keys of a table: a column of states by the keys' ids.
// Values of a key may be added, taken back and merged in any order: the result is the same. Nothing
// fails before finish: sums are kept wider than their type, so that an overflow is judged by what
// the sum is and not by the order of its parts.
//
// DISTINCT, and min and max whose rows may be taken back, keep the values themselves. Each value is
// then an element of state of its own, so that a checkpoint writes only what changed; an ElementLog
// hears which saved ones went away.
//
// Owned by an AggregateTable, one thread. The aggregate's bounds: ids given to any function are
// below the last resize.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "data/record_batch.hpp"
#include "operators/aggregate_call.hpp"
#include "state/state_bytes.hpp"

namespace sluice {

// Rows of a batch and, for each, the id of its key.
struct AccumulatorInput {
  const RecordBatch& batch;
  size_t column = 0;  // the argument; count(*) does not look at it
  std::span<const uint32_t> rows;
  std::span<const uint32_t> ids;

  const Column& argument() const { return batch.column(column); }
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
  // Adds the states of another table to this one's, and takes them back. `from` is of the same
  // call; unmerge is for retractable ones, from the states that were merged.
  virtual void merge(const Accumulator& from, std::span<const IdPair> ids) = 0;
  virtual void unmerge(const Accumulator& from, std::span<const IdPair> ids) = 0;
  // Appends the result. Error value_out_of_range: nothing was appended. `rows`: of the key.
  virtual Status finish(uint32_t id, int64_t rows, ColumnBuilder& out) const = 0;
  virtual void clear(uint32_t id) = 0;
  virtual uint64_t allocated_bytes() const = 0;

  // The state without its elements.
  virtual void save(uint32_t id, std::string& out) const = 0;
  virtual void load(uint32_t id, StateBytesReader& bytes) = 0;
  // Elements that changed since the last call, or all. Those written count as saved.
  virtual void save_elements(bool all, ElementWriter& writer);
  // False: malformed, or a state without elements.
  virtual bool load_element(uint32_t id, std::string_view element, std::string_view value);
};

enum class AccumulatorMode : uint8_t {
  insert_only,
  retractable,  // subtract and unmerge are called; merges take insert_only ones
};

// `argument_type`: of the call's argument, unused without one. `log` may be null: nothing is saved.
std::unique_ptr<Accumulator> make_accumulator(const AggregateColumn& call, Type argument_type,
                                              AccumulatorMode mode, ElementLog* log);

}  // namespace sluice
