// SymmetricAccumulator: an Accumulator to which adding and taking back are one act in two
// directions, of rows as of states that are merged. Owned as every Accumulator.
#pragma once

#include "expr/aggregates/accumulator.hpp"

namespace sluice {

class SymmetricAccumulator : public Accumulator {
 public:
  void add(const AccumulatorInput& input) final { change(input, 1); }
  void subtract(const AccumulatorInput& input) final { change(input, -1); }
  void merge(const Accumulator& from, std::span<const IdPair> ids) final { change(from, ids, 1); }
  void unmerge(const Accumulator& from, std::span<const IdPair> ids) final {
    change(from, ids, -1);
  }

 private:
  // `direction`: 1 adds, -1 takes back. Called once for all rows or ids.
  virtual void change(const AccumulatorInput& input, int direction) = 0;
  virtual void change(const Accumulator& from, std::span<const IdPair> ids, int direction) = 0;
};

}  // namespace sluice
