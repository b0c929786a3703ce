// The harness itself: that it sees an operator whose counters do not add up.
#include "support/operator_harness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest-spi.h>

#include "support/test_rows.hpp"

namespace sluice {
namespace {

using testing::HasSubstr;

// Keeps every row and counts each as held `times` times, as a slip in an operator would.
class Keeper final : public Operator {
 public:
  explicit Keeper(int64_t times) : times_(times) {}
  Status open(OperatorContext& context) override {
    context_ = &context;
    return {};
  }
  Status process(size_t, const RecordBatch& batch, Collector&) override {
    context_->counters->held.add(times_ * static_cast<int64_t>(batch.rows()));
    return {};
  }

 private:
  int64_t times_;
  OperatorContext* context_ = nullptr;
};

class KeeperDescription final : public OperatorDescription {
 public:
  explicit KeeperDescription(int64_t times) : times_(times) {}
  std::string label() const override { return "keeper"; }
  SchemaPtr output_schema() const override { return test::schema_of("id text"); }
  std::unique_ptr<Operator> create() const override { return std::make_unique<Keeper>(times_); }

 private:
  int64_t times_;
};

// The failures of one case over such an operator, one after the other.
std::string failures_of(int64_t times) {
  test::OperatorHarness harness(std::make_shared<KeeperDescription>(times),
                                {{test::schema_of("id text"), {}}});
  harness.rows("a\n b").barrier();
  testing::TestPartResultArray results;
  {
    testing::ScopedFakeTestPartResultReporter reporter(
        testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &results);
    harness.run_once();
  }
  std::string text;
  for (int i = 0; i < results.size(); ++i) text += results.GetTestPartResult(i).message();
  return text;
}

TEST(OperatorHarness_, RowsCountedWhereTheyAreHeldAddUp) { EXPECT_EQ(failures_of(1), ""); }

TEST(OperatorHarness_, HeldRowsThatAreNotCountedAreAFailure) {
  EXPECT_THAT(failures_of(0), HasSubstr("differ by 2 from the rest"));
}

TEST(OperatorHarness_, HeldRowsThatAreCountedTwiceAreAFailure) {
  EXPECT_THAT(failures_of(2), HasSubstr("differ by -2 from the rest"));
}

}  // namespace
}  // namespace sluice
