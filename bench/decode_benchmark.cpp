// What decoding one event costs: the Yahoo Streaming Benchmark's event (a JSON object of seven
// strings) from bytes in a padded arena to three columns of which one filter keeps a third.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdlib>
#include <string>

#include "expr/expression.hpp"
#include "formats/json_decoder.hpp"

namespace sluice {
namespace {

constexpr size_t events_per_batch = 10'000;

std::string event(size_t number) {
  constexpr std::array types = {"view", "click", "purchase"};
  const std::string id = std::to_string(100'000'000 + number * 7919 % 899'999'999);
  const auto uuid = [&](const char* head) {
    return head + id.substr(0, 5) + "-8d3c-4f1e-9a6b-00000" + id.substr(2);
  };
  std::string out = R"({"user_id":")" + uuid("a1b") + R"(","page_id":")" + uuid("c2d") +
                    R"(","ad_id":")" + uuid("e3f") + R"(","ad_type":"banner78","event_type":")";
  out += types[number % types.size()];
  out += R"(","event_time":")" + std::to_string(1'767'225'600'000 + static_cast<int64_t>(number)) +
         R"(","ip_address":"1.2.3.4"})";
  return out;
}

RawBatch batch() {
  RawBatch raw;
  raw.origin = std::make_shared<const Origin>(Origin{"ad_events", 0});
  raw.arena = std::make_shared<Arena>();
  for (size_t i = 0; i < events_per_batch; ++i) {
    RawRecord record;
    record.value = raw.arena->copy(event(i));
    record.value_is_null = false;
    record.offset = static_cast<int64_t>(i);
    record.timestamp_us = 1'767'225'600'000'000;
    raw.records.push_back(record);
  }
  return raw;
}

ScanSpec scan(const Function* equals) {
  ScanSpec spec;
  spec.source = "ad_events";
  spec.columns = {{.name = "ad_id", .type = {TypeKind::text}, .path = {"ad_id"}},
                  {.name = "event_time",
                   .type = {TypeKind::timestamptz},
                   .path = {"event_time"},
                   .unit = TimeUnit::milliseconds},
                  {.name = "event_type", .type = {TypeKind::text}, .path = {"event_type"}}};
  spec.output_columns = 2;
  spec.schema = std::make_shared<const Schema>(
      std::vector<Field>{{"ad_id", {TypeKind::text}}, {"event_time", {TypeKind::timestamptz}}});
  spec.time_origin = TimeOrigin::event_column;
  spec.event_time_column = 1;
  if (equals == nullptr) return spec;
  const Type text{TypeKind::text};
  spec.predicate = std::make_shared<const Expression>(
      Type{TypeKind::boolean},
      Call{equals, {column_reference(2, text), literal(Value::of(text, std::string("view")))}});
  return spec;
}

void decode_events(benchmark::State& state, bool is_filtered) {
  const Type text{TypeKind::text};
  const Function equals{.name = "=",
                        .form = FunctionForm::infix,
                        .arguments = {text, text},
                        .result = {TypeKind::boolean}};
  auto plan = ScanPlan::make(scan(is_filtered ? &equals : nullptr), TimeZone());
  auto decoder = make_json_decoder(*plan, 8 << 20);
  const RawBatch raw = batch();
  PartitionClock clock{PartitionClock::Settings{}};
  Allowance allowance;
  DecodeResult result;
  for (auto iteration : state) {
    if (!decoder->decode(raw, clock, allowance, result)) std::abort();
    benchmark::DoNotOptimize(result.rows.rows());
  }
  const size_t expected = is_filtered ? (events_per_batch + 2) / 3 : events_per_batch;
  if (result.rows.rows() != expected) state.SkipWithError("wrong number of rows");
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * events_per_batch));
  state.counters["event_bytes"] = static_cast<double>(raw.records.front().value.size());
}

void copy_into_arena(benchmark::State& state) {
  const RawBatch raw = batch();
  for (auto iteration : state) {
    Arena arena;
    for (const RawRecord& record : raw.records) benchmark::DoNotOptimize(arena.copy(record.value));
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * events_per_batch));
}

BENCHMARK_CAPTURE(decode_events, filtered, true);
BENCHMARK_CAPTURE(decode_events, all_rows, false);
BENCHMARK(copy_into_arena);

}  // namespace
}  // namespace sluice

BENCHMARK_MAIN();
