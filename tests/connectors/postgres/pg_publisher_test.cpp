// What only PostgreSQL does at publish: upserts and deletes, rows that the server refuses after the
// decision, conflicts with other transactions, locks, pooling proxies.
#include <gtest/gtest.h>

#include "connectors/battery/world.hpp"
#include "connectors/postgres/failpoints.hpp"
#include "support/postgres.hpp"
#include "support/tcp_proxy.hpp"

namespace sluice::test {
namespace {

class PostgresTarget : public testing::Test {
 protected:
  // A sink over a table of (id bigint PRIMARY KEY, v text).
  void open(SinkMode mode) {
    world_.open_place(BatteryWorld::schema(), mode);
    table_ = world_.driver().place();
    ASSERT_TRUE(world_.start(*publisher_).has_value());
  }
  void publish(uint64_t epoch, const Operations& operations) {
    const auto outcome = world_.publish(*publisher_, "o1", epoch, operations);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    ASSERT_EQ(*outcome, PublishOutcome::published);
  }
  std::vector<std::string> rejects() {
    std::vector<std::string> texts;
    for (const Reject& reject : world_.rejects().kept)
      texts.push_back(std::to_string(reject.operation) + " " + reject.row + " " +
                      reject.error.to_string());
    return texts;
  }

  BatteryWorld world_{make_postgres_driver(shared_servers())};
  Postgres postgres_{shared_servers()};
  std::unique_ptr<Publisher> publisher_ = world_.publisher("o1");
  std::string table_;
};

using Texts = std::vector<std::string>;

// Being fenced ends a pipeline for good: only a marker that was read says it.
TEST_F(PostgresTarget, AMarkerThatCannotBeReadIsNotAnotherOwners) {
  world_.open_place(BatteryWorld::schema());
  const std::string database = unique_name("marked");
  postgres_.exec("CREATE DATABASE " + database);
  {
    Postgres marked(shared_servers(), database);
    publisher_ =
        world_.publisher_by("{dsn: \"" + shared_servers().pg_dsn() + " dbname=" + database +
                                " password=" + shared_servers().pg_password() + "\"}",
                            "o1");
    ASSERT_TRUE(world_.start(*publisher_).has_value());
    marked.exec("UPDATE sluice.progress SET owner = 'o2'");
    const auto fenced = world_.publish(*publisher_, "o1", 1, {});
    ASSERT_FALSE(fenced.has_value());
    EXPECT_EQ(fenced.error().code, ErrorCode::fenced);
    marked.exec("ALTER TABLE sluice.progress RENAME uid TO hidden");
    const auto unread = world_.publish(*publisher_, "o1", 1, {});
    ASSERT_FALSE(unread.has_value());
    EXPECT_EQ(unread.error().code, ErrorCode::publish_failed) << unread.error().to_string();
    publisher_.reset();
  }
  postgres_.exec("DROP DATABASE " + database + " WITH (FORCE)");
}

TEST_F(PostgresTarget, UpsertsReplaceAndDeletesRemove) {
  open(SinkMode::upsert);
  publish(1, world_.encode("1|a\n2|b\n3|c"));
  publish(2, world_.encode("-D 1|a\n+U 2|b2\n4|NULL"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"2|b2", "3|c", "4|NULL"}));
  EXPECT_TRUE(rejects().empty());
}

TEST_F(PostgresTarget, RowsThatACheckRefusesAreFoundAndTheOthersWritten) {
  open(SinkMode::append);
  postgres_.exec("ALTER TABLE " + table_ + " ADD CONSTRAINT small CHECK (v <> 'bad')");
  publish(1, world_.encode("1|a\n2|bad\n3|c\n4|d\n5|bad\n6|f\n7|g"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|a", "3|c", "4|d", "6|f", "7|g"}));
  const auto found = rejects();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].substr(0, 26), "1 {\"id\":2,\"v\":\"bad\"} E3402");
  EXPECT_NE(found[0].find("SQLSTATE 23514"), std::string::npos) << found[0];
  EXPECT_EQ(found[1].substr(0, 2), "4 ");
}

TEST_F(PostgresTarget, RowsThatATriggerRefusesAreRejects) {
  open(SinkMode::append);
  postgres_.exec("CREATE FUNCTION " + table_ +
                 "_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.v = 'no' THEN RAISE "
                 "EXCEPTION 'not this one'; END IF; RETURN NEW; END $$; CREATE TRIGGER t BEFORE "
                 "INSERT ON " +
                 table_ + " FOR EACH ROW EXECUTE FUNCTION " + table_ + "_f()");
  publish(1, world_.encode("1|no\n2|yes"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"2|yes"}));
  EXPECT_EQ(rejects(), (Texts{"0 {\"id\":1,\"v\":\"no\"} E3402 PostgreSQL: not this one "
                              "(SQLSTATE P0001)"}));
}

// Rows 1 and 4 are each taken alone; together they are refused. The later one gives way.
TEST_F(PostgresTarget, HalvesThatOnlyFailTogetherAreFound) {
  open(SinkMode::append);
  postgres_.exec("CREATE UNIQUE INDEX ON " + table_ + " (v)");
  publish(1, world_.encode("1|same\n2|b\n3|c\n4|same"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|same", "2|b", "3|c"}));
  ASSERT_EQ(rejects().size(), 1u);
  EXPECT_EQ(rejects()[0].substr(0, 2), "3 ");
}

TEST_F(PostgresTarget, ADeferredConstraintIsCheckedWhereTheRowIsStillKnown) {
  open(SinkMode::append);
  postgres_.exec("CREATE TABLE " + table_ + "_parent (v text PRIMARY KEY); INSERT INTO " + table_ +
                 "_parent VALUES ('there'); ALTER TABLE " + table_ +
                 " ADD FOREIGN KEY (v) REFERENCES " + table_ +
                 "_parent DEFERRABLE INITIALLY DEFERRED");
  publish(1, world_.encode("1|there\n2|missing"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|there"}));
  ASSERT_EQ(rejects().size(), 1u);
  EXPECT_NE(rejects()[0].find("SQLSTATE 23503"), std::string::npos) << rejects()[0];
}

TEST_F(PostgresTarget, RejectsAreOfTheAttemptThatWon) {
  open(SinkMode::append);
  postgres_.exec("ALTER TABLE " + table_ + " ADD CHECK (v <> 'bad')");
  world_.failpoints().arm(postgres::failpoints::after_rejects, Failpoints::Action::error);
  const Operations operations = world_.encode("1|bad\n2|good");
  ASSERT_FALSE(world_.publish(*publisher_, "o1", 1, operations).has_value());
  EXPECT_EQ(rejects().size(), 1u);
  EXPECT_EQ(publisher_->resolve().value().rejects_checksum, 0u);
  publish(1, operations);
  EXPECT_EQ(rejects().size(), 1u);
  EXPECT_EQ(publisher_->resolve().value().rejects_checksum, 1001u);
  publish(2, world_.encode("3|good"));
  EXPECT_EQ(publisher_->resolve().value().rejects_checksum, 0u);
}

// The trigger stands for another transaction that got in the way, once.
TEST_F(PostgresTarget, AConflictWithAnotherTransactionIsTriedAgain) {
  for (const std::string state : {"40001", "40P01"}) {
    BatteryWorld world(make_postgres_driver(shared_servers()));
    world.open_place(BatteryWorld::schema());
    const auto publisher = world.publisher("o1");
    ASSERT_TRUE(world.start(*publisher).has_value());
    const std::string table = world.driver().place();
    postgres_.exec("CREATE SEQUENCE " + table + "_s; CREATE FUNCTION " + table +
                   "_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF nextval('" + table +
                   "_s') = 1 THEN RAISE EXCEPTION 'in the way' USING ERRCODE = '" + state +
                   "'; END IF; RETURN NULL; END $$; CREATE TRIGGER t AFTER INSERT ON " + table +
                   " FOR EACH STATEMENT EXECUTE FUNCTION " + table + "_f()");
    const auto failed = world.publish(*publisher, "o1", 1, world.encode("1|a\n2|b"));
    ASSERT_FALSE(failed.has_value()) << state;
    EXPECT_EQ(failed.error().retry, Retry::later) << failed.error().to_string();
    EXPECT_TRUE(world.rejects().kept.empty());
    ASSERT_EQ(world.publish(*publisher, "o1", 1, world.encode("1|a\n2|b")).value(),
              PublishOutcome::published);
    EXPECT_EQ(world.driver().shown(), (Texts{"1|a", "2|b"}));
  }
}

TEST_F(PostgresTarget, AMarkerThatStaysLockedNamesWhoHoldsIt) {
  open(SinkMode::append);
  postgres_.exec("BEGIN");
  postgres_.query("SELECT * FROM sluice.progress WHERE target_id = $1 FOR UPDATE",
                  {world_.target_id()});
  const std::string holder = *postgres_.query("SELECT pg_backend_pid()").at(0).at(0);
  const auto impatient = world_.publisher_by(world_.driver().impatient_connection(), "o1");
  const auto resolved = impatient->resolve();
  postgres_.exec("ROLLBACK");
  ASSERT_FALSE(resolved.has_value());
  EXPECT_EQ(resolved.error().retry, Retry::later);
  EXPECT_NE(resolved.error().message.find("locked by process"), std::string::npos)
      << resolved.error().to_string();
  EXPECT_NE(resolved.error().message.find(holder), std::string::npos)
      << resolved.error().to_string();
}

TEST_F(PostgresTarget, ABackendThatIsTerminatedBetweenEpochsIsReplaced) {
  world_.open_place(BatteryWorld::schema());
  const std::string user = unique_name("user");
  postgres_.exec("CREATE ROLE " + user + " SUPERUSER LOGIN PASSWORD 'x'; ALTER ROLE " + user +
                 " SET search_path = sluice, public");
  const auto publisher = world_.publisher_by(
      "{dsn: \"" + shared_servers().pg_dsn() + " user=" + user + " password=x\"}", "o1");
  ASSERT_TRUE(world_.start(*publisher).has_value());
  ASSERT_TRUE(world_.publish(*publisher, "o1", 1, world_.encode("1|a")).has_value());
  const auto ended = postgres_.query(
      "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = $1", {user});
  ASSERT_EQ(ended, (std::vector<Postgres::Row>{{"t"}}));
  const auto outcome = world_.publish(*publisher, "o1", 2, world_.encode("2|b"));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().retry, Retry::later) << outcome.error().to_string();
  EXPECT_EQ(publisher->resolve().value().epoch, Epoch(1));
  ASSERT_TRUE(world_.publish(*publisher, "o1", 2, world_.encode("2|b")).has_value());
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|a", "2|b"}));
}

// A transaction-pooling proxy tells clients a process number of its own: here, by turning one bit
// of what the server says in its handshake ('K', length 12, process, secret).
TEST_F(PostgresTarget, APoolingProxyIsRefused) {
  TcpProxy proxy(world_.driver().proxied_server()->address);
  proxy.edit_answers([](std::string& bytes) {
    const size_t at = bytes.find(std::string("K\0\0\0\f", 5));
    if (at != std::string::npos && at + 8 < bytes.size()) bytes[at + 8] ^= 1;
  });
  const auto publisher =
      world_.publisher_by(world_.driver().connection_through(proxy.port()), "o1");
  const auto looked = publisher->look();
  ASSERT_FALSE(looked.has_value());
  EXPECT_EQ(looked.error().to_string(),
            "E4404 the PostgreSQL connection goes through a pooling proxy (connect to the server "
            "itself, or through a pool in session mode that keeps process numbers)");
}

}  // namespace
}  // namespace sluice::test
