// Which Accumulator a call of an aggregate gets.
#include "operators/aggregates/accumulator.hpp"

#include "base/assert.hpp"
#include "operators/aggregates/distinct_accumulator.hpp"
#include "operators/aggregates/extreme_bag.hpp"
#include "operators/aggregates/sum_states.hpp"

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
  void save(uint32_t, std::string&) const override {}
  void load(uint32_t, StateBytesReader&) override {}
};

// What makes an accumulator.
struct Recipe {
  const AggregateColumn& call;
  Type argument;
  AccumulatorMode mode;
  ElementLog* log;

  template <class State>
  std::unique_ptr<Accumulator> fold() const {
    const bool retractable = mode == AccumulatorMode::retractable;
    return std::make_unique<FoldAccumulator<State>>(
        FinishContext{call.kind, call.result, retractable});
  }
  template <class Order>
  std::unique_ptr<Accumulator> extreme() const {
    return call.kind == AggregateKind::max ? extreme<Order, true>() : extreme<Order, false>();
  }
  template <class Order, bool is_max>
  std::unique_ptr<Accumulator> extreme() const {
    if (mode == AccumulatorMode::insert_only) return fold<ExtremeState<Order, is_max>>();
    return std::make_unique<ExtremeBag<Order, is_max>>(log);
  }
};

std::unique_ptr<Accumulator> make_sum(const Recipe& recipe) {
  switch (recipe.argument.kind) {
    case TypeKind::integer:
      return recipe.fold<IntegerSumState<int32_t>>();
    case TypeKind::bigint:
      return recipe.fold<IntegerSumState<int64_t>>();
    case TypeKind::double_precision:
      return recipe.fold<DoubleSumState>();
    case TypeKind::numeric:
      return recipe.fold<NumericSumState>();
    case TypeKind::interval:
      return recipe.fold<IntervalSumState>();
    default:
      SLUICE_ASSERT(false, "a type that cannot be summed");
  }
}

std::unique_ptr<Accumulator> make_extreme(const Recipe& recipe) {
  switch (recipe.argument.kind) {
    case TypeKind::integer:
    case TypeKind::date:
      return recipe.extreme<PlainOrder<int32_t>>();
    case TypeKind::bigint:
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return recipe.extreme<PlainOrder<int64_t>>();
    case TypeKind::double_precision:
      return recipe.extreme<DoubleOrder>();
    case TypeKind::numeric:
      return recipe.extreme<NumericOrder>();
    case TypeKind::text:
      return recipe.extreme<TextOrder>();
    case TypeKind::interval:
      return recipe.extreme<IntervalOrder>();
    default:
      SLUICE_ASSERT(false, "a type without min and max");
  }
}

std::unique_ptr<Accumulator> make_distinct(const Recipe& recipe) {
  std::unique_ptr<Accumulator> sum;
  if (recipe.call.kind != AggregateKind::count) sum = make_sum(recipe);
  return std::make_unique<DistinctAccumulator>(recipe.argument, recipe.mode, std::move(sum),
                                               recipe.log);
}

}  // namespace

void Accumulator::save_elements(bool, ElementWriter&) {}
bool Accumulator::load_element(uint32_t, std::string_view, std::string_view) { return false; }

std::unique_ptr<Accumulator> make_accumulator(const AggregateColumn& call, Type argument_type,
                                              AccumulatorMode mode, ElementLog* log) {
  const Recipe recipe{call, argument_type, mode, log};
  switch (call.kind) {
    case AggregateKind::count_rows:
      if (!call.filter) return std::make_unique<RowCount>();
      return recipe.fold<RowCountState>();
    case AggregateKind::count:
      return call.distinct ? make_distinct(recipe) : recipe.fold<CountState>();
    case AggregateKind::sum:
    case AggregateKind::avg:
      return call.distinct ? make_distinct(recipe) : make_sum(recipe);
    case AggregateKind::min:
    case AggregateKind::max:
      return make_extreme(recipe);
    case AggregateKind::bool_and:
    case AggregateKind::bool_or:
      return recipe.fold<BooleanState>();
  }
  SLUICE_ASSERT(false, "unknown aggregate");
}

}  // namespace sluice
