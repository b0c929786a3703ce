#include "runtime/channel.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/test_rows.hpp"

namespace sluice {
namespace {

class CountingWaker final : public Waker {
 public:
  void wake() override { ++wakes; }
  int wakes = 0;
};

class ChannelTest : public testing::Test {
 protected:
  static RecordBatch texts(size_t rows, size_t bytes_each) {
    std::string lines;
    for (size_t row = 0; row < rows; ++row) lines += std::string(bytes_each, 'x') + "\n";
    return test::read_rows(test::schema_of("v text"), lines);
  }

  CountingWaker producer_;
  CountingWaker consumer_;
  Channel channel_{producer_, consumer_};
};

TEST_F(ChannelTest, Push_WakesConsumerOnlyWhenItWasEmpty) {
  channel_.push(texts(1, 1));
  channel_.push(Watermark::at(1));
  EXPECT_EQ(consumer_.wakes, 1);
  EXPECT_TRUE(std::holds_alternative<RecordBatch>(*channel_.pop()));
  EXPECT_TRUE(std::holds_alternative<Watermark>(*channel_.pop()));
  EXPECT_FALSE(channel_.pop().has_value());
}

TEST_F(ChannelTest, HasRoom_EndsWithTooManyElementsAndComesBackWithRoom) {
  for (size_t i = 0; i < Channel::capacity_elements; ++i) {
    EXPECT_TRUE(channel_.has_room());
    channel_.push(Watermark::at(static_cast<int64_t>(i)));
  }
  EXPECT_FALSE(channel_.has_room());
  EXPECT_EQ(channel_.fill_ratio(), 1);
  EXPECT_EQ(producer_.wakes, 0);
  channel_.pop();
  EXPECT_TRUE(channel_.has_room());
  EXPECT_EQ(producer_.wakes, 1);
}

TEST_F(ChannelTest, HasRoom_EndsWithFewRowsThatKeepManyBytes) {
  channel_.push(texts(4, Channel::capacity_bytes / 8));
  EXPECT_TRUE(channel_.has_room());
  channel_.push(texts(4, Channel::capacity_bytes / 8));
  EXPECT_FALSE(channel_.has_room());
  channel_.pop();
  EXPECT_TRUE(channel_.has_room());
}

}  // namespace
}  // namespace sluice
