// Decoding allocates per batch, never per record: this test binary counts every operator new.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "unit/formats/decode_support.hpp"

namespace {

std::atomic<uint64_t> allocations{0};

void* counted(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size == 0 ? 1 : size);
}

void* counted_or_throw(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// Inlined on one side alone, they look to the compiler as if they did not belong together.
[[gnu::noinline]] void* operator new(std::size_t size) { return counted_or_throw(size); }
[[gnu::noinline]] void* operator new[](std::size_t size) { return counted_or_throw(size); }
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace sluice {
namespace {

// Allocations of decoding the batch once everything is warm.
uint64_t allocations_of(Decoder& decoder, const RawBatch& raw, size_t expected_rows) {
  PartitionClock clock{PartitionClock::Settings{}};
  for (int warm_up = 0; warm_up < 2; ++warm_up) {
    Allowance allowance;
    DecodeResult result;
    EXPECT_TRUE(decoder.decode(raw, clock, allowance, result));
    EXPECT_EQ(result.rows.rows(), expected_rows);
  }
  Allowance allowance;
  DecodeResult result;
  const uint64_t before = allocations.load();
  EXPECT_TRUE(decoder.decode(raw, clock, allowance, result));
  return allocations.load() - before;
}

std::vector<std::string> events(size_t count) {
  const char* kinds[] = {"view", "click", "purchase"};
  std::vector<std::string> values;
  for (size_t i = 0; i < count; ++i) {
    values.push_back(R"({"ad":"an identifier of more than sixteen bytes","kind":")" +
                     std::string(kinds[i % 3]) + R"(","t":"17672256000)" +
                     std::to_string(10 + i % 90) + R"(","n":12,"esc":"tab\tand more text",)" +
                     R"("amount":"12.30","x":null})");
  }
  return values;
}

ScanBuilder event_scan() {
  ScanBuilder builder;
  builder.column("ad", "text").column("t", "timestamptz").unit(TimeUnit::milliseconds);
  builder.column("n", "bigint").column("esc", "text").column("amount", "numeric(16,2)");
  builder.column("x", "int").column("kind", "text").event_time("t");
  return builder.predicate(builder.compare("kind", "=", "view")).output(6);
}

// Ten times the records may need a few more pieces of the arena for escaped text, no more.
constexpr uint64_t allowed_growth = 64;

TEST(JsonDecoder_Allocations, DoNotGrowWithRecords) {
  const auto decoder = make_decoder(event_scan().build());
  const uint64_t few = allocations_of(*decoder, records(events(3'000)), 1'000);
  const uint64_t many = allocations_of(*decoder, records(events(30'000)), 10'000);
  EXPECT_LT(few, 200u);
  EXPECT_LE(many, few + allowed_growth);
}

TEST(CanalDecoder_Allocations, DoNotGrowWithRecords) {
  std::vector<std::string> values;
  for (const std::string& event : events(30'000)) {
    values.push_back(R"({"data":[)" + event + R"(],"isDdl":false,"old":null,"type":"INSERT"})");
  }
  const auto decoder = make_decoder(event_scan().build(), {.format = "canal_json"});
  const std::vector<std::string> first(values.begin(), values.begin() + 3'000);
  const uint64_t few = allocations_of(*decoder, records(first), 1'000);
  const uint64_t many = allocations_of(*decoder, records(values), 10'000);
  EXPECT_LT(few, 200u);
  EXPECT_LE(many, few + allowed_growth);
}

}  // namespace
}  // namespace sluice
