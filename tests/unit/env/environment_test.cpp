#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "env/clock.hpp"
#include "env/counters.hpp"
#include "env/histogram.hpp"
#include "env/random.hpp"

namespace sluice {
namespace {

constexpr Metric rows{"rows_total", MetricKind::counter, "Rows."};
constexpr Metric wait{"wait_seconds", MetricKind::histogram, "A wait."};

TEST(SystemClock, IsOfThisCenturyAndMonotonicTimeDoesNotGoBack) {
  const SystemClock clock;
  constexpr int64_t start_of_2020_us = 1'577'836'800'000'000;
  EXPECT_GT(clock.now_us(), start_of_2020_us);
  const int64_t before = clock.monotonic_us();
  EXPECT_GE(clock.monotonic_us(), before);
}

TEST(VirtualClock, MovesOnlyWhenTold) {
  VirtualClock clock(100);
  EXPECT_EQ(clock.now_us(), 100);
  clock.advance_us(5);
  EXPECT_EQ(clock.now_us(), 105);
  EXPECT_EQ(clock.monotonic_us(), 105);
  clock.set_us(50);
  EXPECT_EQ(clock.now_us(), 50);
}

TEST(Counters, LabelsInAnyOrderAreTheSameCounter) {
  Counters counters;
  Counter& counter = counters.at(rows, {{"step", "a"}, {"pipeline", "p"}});
  counter.add();
  counters.at(rows, {{"pipeline", "p"}, {"step", "a"}}).add(2);
  counters.at(rows, {{"step", "b"}}).set(7);
  EXPECT_EQ(counter.value(), 3);
  const auto samples = counters.samples();
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0].labels, (Labels{{"pipeline", "p"}, {"step", "a"}}));
  EXPECT_EQ(samples[0].value, 3);
  EXPECT_EQ(samples[1].value, 7);
}

TEST(Counters, AreAddedToFromManyThreads) {
  Counters counters;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      Counter& counter = counters.at(rows, {});
      for (int n = 0; n < 10'000; ++n) counter.add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counters.at(rows, {}).value(), 40'000);
}

TEST(Histogram, CountsInEveryBucketThatHoldsTheDuration) {
  Counters counters;
  Histogram histogram(counters, wait, {{"pipeline", "p"}});
  histogram.observe_us(50'000);
  histogram.observe_us(500'000'000);
  const auto bucket = [&](const char* bound) {
    return counters.at(wait, {{"pipeline", "p"}, {"le", bound}}, Counters::Part::bucket).value();
  };
  EXPECT_EQ(bucket("0.025"), 0);
  EXPECT_EQ(bucket("0.05"), 1);
  EXPECT_EQ(bucket("120"), 1);
  EXPECT_EQ(bucket("+Inf"), 2);
  EXPECT_EQ(counters.at(wait, {{"pipeline", "p"}}, Counters::Part::sum).value(), 500'050'000);
  EXPECT_EQ(counters.at(wait, {{"pipeline", "p"}}, Counters::Part::count).value(), 2);
}

TEST(Random, SameSeedGivesTheSameNumbers) {
  Random first(7);
  Random second(7);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(first.below(1000), second.below(1000));
  EXPECT_EQ(first.identity(), second.identity());
}

TEST(Random, BelowStaysBelow) {
  Random random(1);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(3), 3u);
}

TEST(Random, IdentitiesAreHexadecimalAndDiffer) {
  const std::string identity = Random::from_entropy().identity();
  EXPECT_EQ(identity.size(), 32u);
  EXPECT_EQ(identity.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(identity, Random::from_entropy().identity());
}

}  // namespace
}  // namespace sluice
