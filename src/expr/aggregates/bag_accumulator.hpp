// BagAccumulator: an Accumulator whose state is a bag of values for each key and nothing else, so
// that rows are taken back and merged as they are. What goes into the bags, and what the result is,
// is its heir's. Owned as every Accumulator.
#pragma once

#include "expr/aggregates/symmetric_accumulator.hpp"
#include "expr/aggregates/value_bags.hpp"

namespace sluice {

template <class Order>
class BagAccumulator : public SymmetricAccumulator {
 public:
  void resize(size_t ids) override { bags_.resize(ids); }
  void clear(uint32_t id) override { bags_.clear(id); }
  uint64_t allocated_bytes() const override { return bags_.allocated_bytes(); }
  void save_elements(bool all, ElementWriter& writer) override { bags_.save_elements(all, writer); }
  bool load_element(uint32_t id, std::string_view element, std::string_view value) override {
    return bags_.load_element(id, element, value);
  }

 protected:
  explicit BagAccumulator(ElementLog* log) : bags_(log) {}

  ValueBags<Order> bags_;
};

}  // namespace sluice
