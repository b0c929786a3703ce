// The aggregate toy_product(bigint): the numbers of a group multiplied with each other; NULL over
// none.
#include "expr/aggregates/folding.hpp"
#include "expr/function_registry.hpp"

namespace sluice {

namespace {

struct Product {
  using Value = int64_t;
  static constexpr bool has_heap = false;

  void add(int64_t value) {
    product *= value;
    has_value = 1;
  }
  void merge(const Product& other) {
    product *= other.product;
    has_value |= other.has_value;
  }
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    if (has_value == 0) {
      out.append_null();
    } else {
      out.append(product);
    }
    return {};
  }
  void save(std::string& out) const {
    append_value(product, out);
    append_value(has_value, out);
  }
  void load(StateBytesReader& bytes) {
    product = bytes.take<int64_t>();
    has_value = bytes.take<uint8_t>();
  }

  int64_t product = 1;
  uint8_t has_value = 0;
};

}  // namespace

void register_toy_product(FunctionRegistry& registry) {
  registry.aggregates().add({.name = "toy_product",
                             .arguments = {Type{TypeKind::bigint}},
                             .result = Type{TypeKind::bigint},
                             .accumulate = fold<Product>,
                             .help = "the product of the numbers"});
}

}  // namespace sluice
