// Connections that are cut around a commit, and servers that crash or stop answering: an attempt
// ends in bounded time with a code and the hope of another try, and the next one finds the truth.
#include "connectors/battery/battery.hpp"
#include "connectors/battery/patience.hpp"
#include "support/tcp_proxy.hpp"

namespace sluice::test {
namespace {

class CutConnection : public ConnectorBattery {
 protected:
  void SetUp() override {
    world_.open_place(BatteryWorld::schema());
    proxied_ = world_.driver().proxied_server().value();
    proxy_.emplace(proxied_.address);
    publisher_ = world_.publisher_by(world_.driver().connection_through(proxy_->port()), "o1");
  }

  ProxiedServer proxied_;
  std::optional<TcpProxy> proxy_;
  std::unique_ptr<Publisher> publisher_;
};

TEST_P(CutConnection, BeforeTheCommitNothingIsThere) {
  ASSERT_TRUE(world_.start(*publisher_).has_value());
  expect_published(world_.publish(*publisher_, "o1", 1, world_.numbered(1, 2)));
  proxy_->cut_at(proxied_.commit, TcpProxy::Cut::before);
  const auto cut = world_.publish(*publisher_, "o1", 2, world_.numbered(3, 2));
  EXPECT_FALSE(cut.has_value() && *cut == PublishOutcome::published);
  EXPECT_EQ(proxy_->cuts(), 1);
  EXPECT_EQ(marker_text(publisher_->resolve()), "u1/o1 epoch 1 checksum 101");
  EXPECT_EQ(world_.driver().shown(), rows(1, 2));
  expect_published(world_.publish(*publisher_, "o1", 2, world_.numbered(3, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 4));
}

TEST_P(CutConnection, AfterTheCommitTheMarkerTells) {
  ASSERT_TRUE(world_.start(*publisher_).has_value());
  proxy_->cut_at(proxied_.commit, TcpProxy::Cut::after);
  const auto cut = world_.publish(*publisher_, "o1", 1, world_.numbered(1, 2));
  ASSERT_TRUE(cut.has_value()) << cut.error().to_string();
  EXPECT_EQ(*cut, PublishOutcome::unknown);
  EXPECT_EQ(proxy_->cuts(), 1);
  EXPECT_EQ(marker_text(publisher_->resolve()), "u1/o1 epoch 1 checksum 101");
  expect_published(world_.publish(*publisher_, "o1", 2, world_.numbered(3, 2)));
  EXPECT_EQ(world_.driver().shown(), rows(1, 4));
}

TEST_P(CutConnection, AClaimWhoseAnswerIsLostIsClaimedAgain) {
  for (const TcpProxy::Cut cut : {TcpProxy::Cut::before, TcpProxy::Cut::after}) {
    proxy_->cut_at(proxied_.commit, cut);
    const auto claimed = world_.start(*publisher_);
    ASSERT_FALSE(claimed.has_value());
    EXPECT_EQ(claimed.error().retry, Retry::later) << claimed.error().to_string();
  }
  EXPECT_EQ(marker_text(world_.start(*publisher_)), "u1/o1 epoch 0 checksum 0");
  expect_published(world_.publish(*publisher_, "o1", 1, world_.numbered(1, 2)));
}

INSTANTIATE_TEST_SUITE_P(Real, CutConnection,
                         testing::Values(BatteryConnector{"postgres", make_postgres_driver},
                                         BatteryConnector{"redis", make_redis_driver}),
                         connector_name);

enum class Loss { crash, hang };

struct Outage {
  BatteryConnector connector;
  Loss loss;
};
void PrintTo(const Outage& outage, std::ostream* out) { PrintTo(outage.connector, out); }

class ServerOutage : public testing::TestWithParam<Outage> {
 protected:
  void lose() {
    if (GetParam().loss == Loss::crash) return servers_.kill(server_);
    servers_.freeze(server_);
  }
  void bring_back() {
    if (GetParam().loss == Loss::crash) return servers_.start(server_);
    servers_.thaw(server_);
  }
  std::vector<std::string> rows(int64_t count) {
    std::vector<std::string> texts;
    for (int64_t id = 1; id <= count; ++id) texts.push_back(world_.driver().row(id, "x"));
    return texts;
  }
  // A publisher that gives up soon, with the target claimed: a server that has just started may
  // take longer than its first attempts do.
  std::unique_ptr<Publisher> claimed_by_an_impatient_one() {
    std::unique_ptr<Publisher> publisher;
    const auto claimed = in_the_end([&] {
      publisher = world_.publisher_by(world_.driver().impatient_connection(), "o1");
      return world_.start(*publisher);
    });
    EXPECT_TRUE(claimed.has_value()) << claimed.error().to_string();
    return publisher;
  }
  // As the engine does: after each attempt without a definite answer, the marker tells.
  void publish_in_the_end(Publisher& publisher, uint64_t epoch, const Operations& operations) {
    bool is_uncertain = false;
    const auto published = in_the_end([&]() -> Status {
      if (is_uncertain) {
        SLUICE_ASSIGN(const Marker marker, publisher.resolve());
        if (marker.epoch == Epoch(epoch)) return {};
      }
      is_uncertain = true;
      SLUICE_ASSIGN(const PublishOutcome outcome,
                    world_.publish(publisher, "o1", epoch, operations));
      if (outcome == PublishOutcome::published) return {};
      return fail_retriable(ErrorCode::publish_failed, "no definite answer");
    });
    ASSERT_TRUE(published.has_value()) << published.error().to_string();
  }
  static void expect_temporary(const Error& error) {
    EXPECT_EQ(error.retry, Retry::later) << error.to_string();
    EXPECT_EQ(error.domain(), ErrorDomain::external) << error.to_string();
  }

  TestServers servers_;
  BatteryWorld world_{GetParam().connector.make_driver(servers_)};
  Server server_ = world_.driver().server().value();
};

TEST_P(ServerOutage, IsWaitedOutWithoutLossOrRepetition) {
  world_.open_place(BatteryWorld::schema());
  const auto publisher = claimed_by_an_impatient_one();
  publish_in_the_end(*publisher, 1, world_.numbered(1, 2));
  const Operations second = world_.numbered(3, 2);
  lose();
  const auto lost = world_.publish(*publisher, "o1", 2, second);
  if (!lost) expect_temporary(lost.error());
  EXPECT_FALSE(lost.has_value() && *lost == PublishOutcome::published);
  const auto asked = publisher->resolve();
  ASSERT_FALSE(asked.has_value());
  expect_temporary(asked.error());
  EXPECT_EQ(asked.error().code, ErrorCode::connection_failed) << asked.error().to_string();
  bring_back();
  EXPECT_EQ(marker_text(in_the_end([&] { return publisher->resolve(); })),
            "u1/o1 epoch 1 checksum 101");
  publish_in_the_end(*publisher, 2, second);
  EXPECT_EQ(world_.driver().shown(), rows(4));
}

std::string outage_name(const testing::TestParamInfo<Outage>& info) {
  return std::string(info.param.connector.name) +
         (info.param.loss == Loss::crash ? "_crash" : "_hang");
}

INSTANTIATE_TEST_SUITE_P(Real, ServerOutage,
                         testing::Values(Outage{{"kafka", make_kafka_driver}, Loss::crash},
                                         Outage{{"kafka", make_kafka_driver}, Loss::hang},
                                         Outage{{"postgres", make_postgres_driver}, Loss::crash},
                                         Outage{{"postgres", make_postgres_driver}, Loss::hang},
                                         Outage{{"redis", make_redis_driver}, Loss::crash},
                                         Outage{{"redis", make_redis_driver}, Loss::hang}),
                         outage_name);

}  // namespace
}  // namespace sluice::test
