// Cost of a keyed update and of sliding windows, in the operators as pipelines run them: rows in
// batches, one text key, every row a random one.
#include <benchmark/benchmark.h>

#include <random>

#include "env/counters.hpp"
#include "expr/function_registry.hpp"
#include "operators/group_aggregate.hpp"
#include "operators/window_aggregate.hpp"
#include "windows/kinds/hop.hpp"
#include "windows/kinds/tumble.hpp"

namespace sluice {
namespace {

constexpr size_t batch_rows = 8192;
constexpr int64_t second_us = 1'000'000;
constexpr int64_t start_us = 1'704'067'200 * second_us;

struct NullCollector final : Collector {
  Status emit(RecordBatch batch) override {
    rows += batch.rows();
    return {};
  }
  size_t rows = 0;
};

// An operator and what it needs around it.
struct Bench {
  explicit Bench(std::shared_ptr<const OperatorDescription> of) : description(std::move(of)) {
    context.memory = &memory;
    context.zone = &zone;
    context.counters = &step;
    operation = description->create();
    if (!operation->open(context)) std::abort();
  }
  std::shared_ptr<const OperatorDescription> description;
  Counters counters;
  StepCounters step{counters, "bench", "step", "aggregate"};
  MemoryPool memory{uint64_t{8} << 30};
  TimeZone zone;
  OperatorContext context{};
  std::unique_ptr<Operator> operation;
  NullCollector out;
};

SchemaPtr input_schema() {
  return std::make_shared<Schema>(std::vector<Field>{{"ts", Type{TypeKind::timestamptz}},
                                                     {"k", Type{TypeKind::text}},
                                                     {"v", Type{TypeKind::bigint}}});
}

const AggregateRegistry& aggregates() {
  static const FunctionRegistry registry = [] {
    FunctionRegistry made;
    register_builtin_functions(made);
    return made;
  }();
  return registry.aggregates();
}

AggregateCall count_rows() { return {.function = *aggregates().resolve("count", {})}; }

// Of the column v.
AggregateCall call(std::string_view name) {
  return {.function = *aggregates().resolve(name, {Type{TypeKind::bigint}}), .arguments = {2}};
}

// Rows of random keys; `times_us(row)` gives their time.
template <class Times>
RecordBatch make_batch(std::mt19937& random, size_t keys, Times time_us) {
  ColumnBuilder times(Type{TypeKind::timestamptz}, batch_rows);
  ColumnBuilder names(Type{TypeKind::text}, batch_rows);
  ColumnBuilder values(Type{TypeKind::bigint}, batch_rows);
  for (size_t row = 0; row < batch_rows; ++row) {
    times.append<int64_t>(time_us(row));
    names.append_copy("user-" + std::to_string(1'000'000'000 + random() % keys));
    values.append<int64_t>(static_cast<int64_t>(random() % 1000));
  }
  return RecordBatch(input_schema(), {times.finish(), names.finish(), values.finish()}, batch_rows);
}

std::vector<RecordBatch> make_batches(size_t keys) {
  std::mt19937 random(1);
  std::vector<RecordBatch> batches;
  for (size_t rows = 0; rows < 2 * keys + batch_rows; rows += batch_rows) {
    batches.push_back(make_batch(random, keys, [](size_t) { return start_us; }));
  }
  return batches;
}

WindowAggregateSettings window_settings(WindowPtr window, std::vector<AggregateCall> calls) {
  WindowAggregateSettings settings;
  settings.policy.step = "bench";
  settings.input = input_schema();
  std::vector<Field> fields = {{"window_end", Type{TypeKind::timestamptz}},
                               {"k", Type{TypeKind::text}}};
  for (const AggregateCall& column : calls) {
    fields.push_back({"c" + std::to_string(fields.size()), column.function->result});
  }
  settings.output = std::make_shared<Schema>(std::move(fields));
  settings.window = std::move(window);
  settings.keys = {{WindowKeyColumn::Role::window_end, 0}, {WindowKeyColumn::Role::column, 1}};
  settings.calls = std::move(calls);
  return settings;
}

void process_all(benchmark::State& state, Bench& bench, const std::vector<RecordBatch>& batches) {
  for (const RecordBatch& batch : batches) {
    if (!bench.operation->process(0, batch, bench.out)) std::abort();
  }
  size_t next = 0;
  for (auto unused : state) {
    if (!bench.operation->process(0, batches[next], bench.out)) std::abort();
    next = (next + 1) % batches.size();
  }
  const auto rows = static_cast<double>(state.iterations() * batch_rows);
  state.counters["per_row"] =
      benchmark::Counter(rows, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// count(*) per key and window.
void WindowUpdate(benchmark::State& state) {
  const WindowPtr window =
      tumbling_windows({.size_us = 3600 * second_us, .slide_us = 3600 * second_us});
  Bench bench(make_window_aggregate(window_settings(window, {count_rows()})));
  process_all(state, bench, make_batches(static_cast<size_t>(state.range(0))));
}
BENCHMARK(WindowUpdate)->Arg(1'000)->Arg(100'000)->Arg(1'000'000);

// count(*) and sum(bigint) per key and window.
void WindowSum(benchmark::State& state) {
  const WindowPtr window =
      tumbling_windows({.size_us = 3600 * second_us, .slide_us = 3600 * second_us});
  Bench bench(make_window_aggregate(window_settings(window, {count_rows(), call("sum")})));
  process_all(state, bench, make_batches(static_cast<size_t>(state.range(0))));
}
BENCHMARK(WindowSum)->Arg(100'000)->Arg(1'000'000);

// count(*) per key, folded per epoch.
void GroupUpdate(benchmark::State& state) {
  GroupAggregateSettings settings;
  settings.input = input_schema();
  settings.keys = {1};
  settings.calls = {count_rows()};
  settings.output = std::make_shared<Schema>(
      std::vector<Field>{{"k", Type{TypeKind::text}}, {"c", Type{TypeKind::bigint}}});
  Bench bench(make_group_aggregate(settings));
  process_all(state, bench, make_batches(static_cast<size_t>(state.range(0))));
}
BENCHMARK(GroupUpdate)->Arg(100'000)->Arg(1'000'000);

// A second's slide, of 100 keys with 8,192 rows a second; windows of `range` slides fire as time
// goes on.
void SlidingWindow(benchmark::State& state) {
  const WindowPtr window =
      hopping_windows({.size_us = state.range(0) * second_us, .slide_us = second_us});
  Bench bench(
      make_window_aggregate(window_settings(window, {count_rows(), call("sum"), call("max")})));
  std::mt19937 random(1);
  const RecordBatch rows = make_batch(random, 100, [](size_t) { return start_us; });
  int64_t now_us = start_us;
  const auto step = [&] {
    auto times = std::make_shared<Column>(Type{TypeKind::timestamptz}, batch_rows);
    for (size_t row = 0; row < batch_rows; ++row) {
      times->mutable_values<int64_t>()[row] =
          now_us + static_cast<int64_t>(row) * (second_us / int64_t{batch_rows});
    }
    now_us += second_us;
    const RecordBatch batch(rows.schema(), {times, rows.columns()[1], rows.columns()[2]},
                            batch_rows);
    if (!bench.operation->process(0, batch, bench.out)) std::abort();
    if (!bench.operation->on_watermark(Watermark::at(now_us), bench.out)) std::abort();
  };
  for (int64_t i = 0; i < state.range(0); ++i) step();
  for (auto unused : state) step();
  const auto processed = static_cast<double>(state.iterations() * batch_rows);
  state.counters["per_row"] =
      benchmark::Counter(processed, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(SlidingWindow)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace sluice

BENCHMARK_MAIN();
