// What every target must do, on real servers: rows come out as they went in, markers move with
// them, one owner at a time, and whatever cuts an attempt off, each epoch is there once.
#include "connectors/battery/battery.hpp"

#include "connectors/battery/every_type.hpp"
#include "connectors/battery/patience.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

TEST_P(ConnectorBattery, RoundTripsEveryType) {
  world_.open_place(every_type_schema());
  const auto publisher = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  expect_published(world_.publish(*publisher, "o1", 1, world_.encode(every_type_rows())));
  EXPECT_EQ(world_.driver().shown(), world_.driver().every_type());
}

TEST_P(ConnectorBattery, ANewTargetHasNoMarkerUntilItIsClaimed) {
  const auto publisher = world_.publisher("o1");
  const auto looked = publisher->look();
  ASSERT_TRUE(looked.has_value()) << looked.error().to_string();
  EXPECT_FALSE(looked->has_value());
  EXPECT_EQ(marker_text(publisher->claim(*looked)), "u1/o1 epoch 0 checksum 0");
  const auto second = world_.publisher("o2")->look();
  ASSERT_TRUE(second.has_value() && second->has_value());
  EXPECT_EQ(marker_text(**second), "u1/o1 epoch 0 checksum 0");
}

TEST_P(ConnectorBattery, EpochsFollowOneAnotherAndEmptyOnesMoveTheMarker) {
  world_.open_place(BatteryWorld::schema());
  const auto publisher = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  expect_published(world_.publish(*publisher, "o1", 1, world_.numbered(1, 2)));
  expect_published(world_.publish(*publisher, "o1", 2, {}));
  expect_published(world_.publish(*publisher, "o1", 3, world_.numbered(3, 1)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 3));
  EXPECT_EQ(marker_text(world_.start(*world_.publisher("o2"))), "u1/o2 epoch 3 checksum 103");
}

TEST_P(ConnectorBattery, PublishesManyRowsAtOnce) {
  constexpr int64_t count = 20'000;
  world_.open_place(BatteryWorld::schema());
  const auto publisher = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  expect_published(world_.publish(*publisher, "o1", 1, world_.numbered(1, count)));
  EXPECT_EQ(world_.driver().shown(), rows(1, count));
}

TEST_P(ConnectorBattery, AnEpochWithoutItsPredecessorIsNotPublished) {
  world_.open_place(BatteryWorld::schema());
  const auto publisher = world_.publisher("o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  expect_published(world_.publish(*publisher, "o1", 1, world_.numbered(1, 1)));
  Marker other_checksum = BatteryWorld::marker("o1", 1);
  other_checksum.checksum = 7;
  for (const Marker& after :
       {BatteryWorld::marker("o1", 0), BatteryWorld::marker("o1", 2), other_checksum}) {
    const auto outcome = world_.publish_after(*publisher, after, 3, world_.numbered(9, 1));
    ASSERT_FALSE(outcome.has_value()) << "after epoch " << after.epoch.value;
    EXPECT_EQ(outcome.error().code, ErrorCode::target_refused) << outcome.error().to_string();
    EXPECT_EQ(marker_text(publisher->resolve()), "u1/o1 epoch 1 checksum 101");
  }
  EXPECT_EQ(world_.driver().shown(), rows(1, 1));
}

TEST_P(ConnectorBattery, RefusesBadConfigurationWithACode) {
  for (const BadConfig& bad : world_.driver().bad_configs()) {
    SCOPED_TRACE(bad.connection + " " + bad.sink);
    using Stage = BadConfig::Stage;
    if (bad.stage == Stage::make_sink || bad.stage == Stage::open_sink) {
      const auto made = world_.make_sink(BatteryWorld::schema(), bad.connection, bad.sink);
      if (bad.stage == Stage::make_sink) {
        ASSERT_FALSE(made.has_value());
        EXPECT_EQ(made.error().code, bad.code) << made.error().to_string();
        continue;
      }
      ASSERT_TRUE(made.has_value()) << made.error().to_string();
      const auto sink = (*made)->create();
      const TimeZone utc;
      const Status opened = (*sink)->open({world_.environment(), &utc});
      ASSERT_FALSE(opened.has_value());
      EXPECT_EQ(opened.error().code, bad.code) << opened.error().to_string();
      continue;
    }
    const Options options = options_of(world_.connector().connection_options(), bad.connection);
    const auto made =
        world_.connector().make_publisher({world_.environment(), &options, {"a.b.c.0", "u", "o"}});
    if (bad.stage == Stage::make_publisher) {
      ASSERT_FALSE(made.has_value());
      EXPECT_EQ(made.error().code, bad.code) << made.error().to_string();
      continue;
    }
    const auto looked = (*made)->look();
    ASSERT_FALSE(looked.has_value());
    EXPECT_EQ(looked.error().code, bad.code) << looked.error().to_string();
  }
}

TEST_P(ConnectorBattery, TellsOnePhysicalTargetByOneIdentity) {
  const auto first = world_.publisher("o1")->identity();
  const auto second = world_.publisher("o2")->identity();
  ASSERT_TRUE(first.has_value()) << first.error().to_string();
  EXPECT_EQ(first.value(), second.value_or("no answer"));
}

TEST_P(ConnectorBattery, WritesThroughWhatIsFlushed) {
  world_.open_place(BatteryWorld::schema());
  const auto publisher = world_.publisher("o1");
  for (const auto& [sink, bytes] : world_.numbered(1, 3000))
    ASSERT_TRUE(publisher->write_through(sink, world_.definition(), bytes).has_value());
  const Status flushed = publisher->flush();
  ASSERT_TRUE(flushed.has_value()) << flushed.error().to_string();
  EXPECT_EQ(world_.driver().shown(), rows(1, 3000));
  EXPECT_TRUE(publisher->flush().has_value()) << "nothing is left to flush";
}

TEST_P(ConnectorBattery, SendsWhatIsWrittenThroughWithoutAFlush) {
  world_.open_place(BatteryWorld::schema());
  const auto publisher = world_.publisher("o1");
  EXPECT_TRUE(publisher->send().has_value()) << "nothing is there to be sent";
  for (const auto& [sink, bytes] : world_.numbered(1, 3))
    ASSERT_TRUE(publisher->write_through(sink, world_.definition(), bytes).has_value());
  ASSERT_TRUE(in_the_end([&]() -> Status {
                const Status sent = publisher->send();
                if (!sent || world_.driver().shown() == rows(1, 3)) return sent;
                return fail_retriable(ErrorCode::internal, "the rows are on their way");
              }).has_value());
}

INSTANTIATE_TEST_SUITE_P(Real, ConnectorBattery,
                         testing::Values(BatteryConnector{"file", make_file_driver},
                                         BatteryConnector{"kafka", make_kafka_driver},
                                         BatteryConnector{"postgres", make_postgres_driver},
                                         BatteryConnector{"redis", make_redis_driver}),
                         connector_name);

}  // namespace
}  // namespace sluice::test
