// CounterSheet: the counters of all runs of one pipeline, and whether they add up in each operator.
// A plain value; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "env/counters.hpp"

namespace sluice::test {

class CounterSheet {
 public:
  // Of one run at its end.
  void add(const Counters& counters);
  // A line for each operator with in + created + restored that is not out + dropped + dead + late
  // + held; empty: none.
  std::string problems() const;

 private:
  // By step and operator, summed over all runs, each of which adds up.
  std::map<std::string, int64_t> balance_;
  std::map<std::string, int64_t> held_;
};

}  // namespace sluice::test
