#include "kit/halving.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace sluice {
namespace {

enum class Failure : uint8_t { rows, target };

// Refuses parts that hold a bad row, and pairs of rows that meet. Written rows stay.
class Batch final : public PartialBatch<Failure> {
 public:
  explicit Batch(std::set<size_t> bad) : bad_(std::move(bad)) {}

  tl::expected<void, Failure> write(size_t first, size_t last) override {
    ++attempts_;
    if (attempts_ > fails_at_) return tl::unexpected(Failure::target);
    std::set<size_t> with = written_;
    for (size_t row = first; row < last; ++row) {
      if (bad_.contains(row)) return tl::unexpected(Failure::rows);
      with.insert(row);
    }
    if (with.contains(meeting_.first) && with.contains(meeting_.second))
      return tl::unexpected(Failure::rows);
    written_ = std::move(with);
    return {};
  }
  tl::expected<bool, Failure> is_of_rows(const Failure& failure, size_t, size_t) override {
    return failure == Failure::rows;
  }
  tl::expected<void, Failure> reject(size_t row, Failure) override {
    rejected_.push_back(row);
    return {};
  }

  std::set<size_t> bad_;
  std::pair<size_t, size_t> meeting_{SIZE_MAX, SIZE_MAX};
  size_t fails_at_ = SIZE_MAX;
  size_t attempts_ = 0;
  std::set<size_t> written_;
  std::vector<size_t> rejected_;
};

constexpr size_t rows = 13;

TEST(Halving, WritesASoundBatchAtOnce) {
  Batch batch({});
  ASSERT_TRUE(write_halving(batch, 0, rows).has_value());
  EXPECT_EQ(batch.attempts_, 1u);
  EXPECT_EQ(batch.written_.size(), rows);
}

// Every set of bad rows: each of them is rejected, once and in order, and no other.
TEST(Halving, RejectsTheBadRowsAndWritesTheOthers) {
  for (uint32_t set = 0; set < (1U << rows); ++set) {
    std::set<size_t> bad;
    for (size_t row = 0; row < rows; ++row) {
      if ((set >> row & 1U) != 0) bad.insert(row);
    }
    Batch batch(bad);
    ASSERT_TRUE(write_halving(batch, 0, rows).has_value());
    ASSERT_EQ(batch.rejected_, std::vector<size_t>(bad.begin(), bad.end()));
    ASSERT_EQ(batch.written_.size(), rows - bad.size());
    ASSERT_LE(batch.attempts_, 2 * rows - 1);
  }
}

TEST(Halving, OfRowsThatOnlyFailTogetherTheLaterOneIsRejected) {
  Batch batch({});
  batch.meeting_ = {2, 11};
  ASSERT_TRUE(write_halving(batch, 0, rows).has_value());
  EXPECT_EQ(batch.rejected_, std::vector<size_t>{11});
  EXPECT_EQ(batch.written_.size(), rows - 1);
}

TEST(Halving, AFailureOfTheTargetEndsIt) {
  Batch batch({6});
  batch.fails_at_ = 3;
  const auto written = write_halving(batch, 0, rows);
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error(), Failure::target);
  EXPECT_EQ(batch.attempts_, 4u);
  EXPECT_TRUE(batch.rejected_.empty());
}

}  // namespace
}  // namespace sluice
