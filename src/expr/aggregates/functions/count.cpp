// count(*) and count(x).
#include "expr/aggregates/folding.hpp"
#include "expr/function_registry.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

// count(*) without a FILTER: the number of rows of the key, which its table counts anyway.
class RowCount final : public Accumulator {
 public:
  void resize(size_t) override {}
  void add(const AccumulatorInput&) override {}
  void subtract(const AccumulatorInput&) override {}
  void merge(const Accumulator&, std::span<const IdPair>) override {}
  void unmerge(const Accumulator&, std::span<const IdPair>) override {}
  Status finish(uint32_t, int64_t rows, ColumnBuilder& out) const override {
    out.append<int64_t>(rows);
    return {};
  }
  void clear(uint32_t) override {}
  uint64_t allocated_bytes() const override { return 0; }
};

struct CountState {
  using Value = void;
  static constexpr bool has_heap = false;
  static constexpr bool counts_nulls = false;

  void add() { ++count; }
  void subtract() { --count; }
  void merge(const CountState& other) { count += other.count; }
  void unmerge(const CountState& other) { count -= other.count; }
  Status finish(AccumulatorMode, ColumnBuilder& out) const {
    out.append<int64_t>(count);
    return {};
  }
  void save(std::string& out) const { append_value(count, out); }
  void load(StateBytesReader& bytes) { count = bytes.take<int64_t>(); }

  int64_t count = 0;
};

// count(*) with a FILTER.
struct RowCountState : CountState {
  static constexpr bool counts_nulls = true;
};

std::unique_ptr<Accumulator> count_rows(const AccumulatorRequest& request) {
  if (!request.has_filter) return std::make_unique<RowCount>();
  return fold<RowCountState>(request);
}

}  // namespace

void register_count(FunctionRegistry& registry) {
  AggregateFunction count{.name = "count",
                          .result = Type{TypeKind::bigint},
                          .accumulate = count_rows,
                          .help = "how many rows"};
  registry.aggregates().add(count);
  count.accumulate = fold<CountState>;
  count.counts_values = true;
  count.help = "how many values that are not NULL";
  for_each_ordering([&](auto, Type type) {
    count.arguments = {type};
    registry.aggregates().add(count);
  });
}

}  // namespace sluice
