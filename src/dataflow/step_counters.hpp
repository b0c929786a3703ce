// StepCounters: what became of the rows of one operator of a step. They add up at any barrier, for
// every operator:
//   in + created + restored = out + dropped + dead + late + held
// A stateless step forwards (out) or drops. A stateful one holds rows; a row that leaves its state
// after it took part in results is dropped with reason "folded"; result rows are created. The task
// counts in and out, the run what is restored, the operator the rest. `held` is counted where rows
// enter and leave state, never derived.
#pragma once

#include <string>

#include "data/row_policy.hpp"
#include "env/counters.hpp"

namespace sluice {

class StepCounters {
 public:
  // `part` tells the operators of one step apart.
  StepCounters(Counters& counters, const std::string& pipeline, const std::string& step,
               const std::string& part);

  Counter& in;
  Counter& created;
  Counter& out;
  Counter& dead;
  Counter& restored;
  Counter& held;  // a gauge: rows in state now
  // Refused as late, and dropped or made dead letters. Created at first use.
  Counter& late(RowPolicy action);
  // Created at first use; keep the reference. Reasons: filtered, duplicate, unmatched, folded …
  Counter& dropped(const std::string& reason);
  // A gauge: memory of the operator's state in all its tasks.
  Counter& state_bytes();
  // A gauge of one partition that the step reads.
  Counter& of_partition(const Metric& metric, const std::string& topic, int32_t partition);

 private:
  Counters& counters_;
  std::string pipeline_;
  std::string step_;
  std::string part_;
};

}  // namespace sluice
