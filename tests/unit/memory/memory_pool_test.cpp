#include "memory/memory_pool.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace sluice {
namespace {

TEST(MemoryPool, RefusesWhatIsPastItsBudgetAndSaysWhoAsked) {
  MemoryPool pool(100);
  ASSERT_TRUE(pool.reserve(60, "windows").has_value());
  const Status refused = pool.reserve(41, "spool");
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::budget_exceeded);
  EXPECT_EQ(refused.error().message,
            "spool needs 41 more bytes; 60 of the 100 bytes of state.budget are in use");
  EXPECT_EQ(pool.used_bytes(), 60u);
  EXPECT_TRUE(pool.reserve(40, "spool").has_value());
}

TEST(Reservation, SaysWhoAskedAlsoWhenTheNameWasATemporary) {
  MemoryPool pool(10);
  Reservation reservation(pool, "interval join of step " + std::string(40, 'x'));
  const Status refused = reservation.resize(11);
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().message.starts_with("interval join of step xxxx"))
      << refused.error().message;
}

TEST(Reservation, GaugeIsTheSumOfThoseThatShareIt) {
  MemoryPool pool(100);
  Counter gauge;
  Reservation first(pool, "join", &gauge);
  ASSERT_TRUE(first.resize(60).has_value());
  {
    Reservation second(pool, "join", &gauge);
    ASSERT_TRUE(second.resize(30).has_value());
    EXPECT_FALSE(second.resize(50).has_value());
    EXPECT_EQ(gauge.value(), 90);
  }
  ASSERT_TRUE(first.resize(20).has_value());
  EXPECT_EQ(gauge.value(), 20);
}

TEST(Reservation, GrowsShrinksAndGivesBackAtItsEnd) {
  MemoryPool pool(100);
  {
    Reservation reservation(pool, "join");
    ASSERT_TRUE(reservation.resize(80).has_value());
    EXPECT_EQ(pool.used_bytes(), 80u);
    ASSERT_TRUE(reservation.resize(30).has_value());
    EXPECT_EQ(pool.used_bytes(), 30u);
    EXPECT_FALSE(reservation.resize(101).has_value());
    EXPECT_EQ(reservation.bytes(), 30u);
    EXPECT_EQ(pool.used_bytes(), 30u);
  }
  EXPECT_EQ(pool.used_bytes(), 0u);
}

TEST(Reservation, NamesItsOwnerAlsoWhenTheNameWasMadeForIt) {
  MemoryPool pool(10);
  const std::string step = "the step with a name too long to be kept in place";
  Reservation reservation(pool, "join of " + step);
  const Status refused = reservation.resize(11);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, ErrorCode::budget_exceeded);
  EXPECT_NE(refused.error().message.find("join of " + step), std::string::npos)
      << refused.error().message;
}

TEST(MemoryPool, KeepsItsBudgetUnderManyThreads) {
  MemoryPool pool(1000);
  std::atomic<int> granted{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 1000; ++n) {
        if (pool.reserve(1, "test")) ++granted;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_LE(granted, 1000);
  EXPECT_EQ(pool.used_bytes(), static_cast<uint64_t>(granted));
  EXPECT_TRUE(pool.reserve(1000 - pool.used_bytes(), "rest").has_value());
}

TEST(MemoryPoolDeathTest, ReleaseOfMoreThanReservedIsABug) {
  MemoryPool pool(100);
  ASSERT_TRUE(pool.reserve(10, "test").has_value());
  EXPECT_DEATH(pool.release(11), "E9001");
}

}  // namespace
}  // namespace sluice
