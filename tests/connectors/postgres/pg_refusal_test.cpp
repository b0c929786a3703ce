// Who is to blame when PostgreSQL refuses to write an epoch: a row becomes a reject and the others
// are written; of the target's own failures the message says where and what to do.
#include <gtest/gtest.h>

#include <random>

#include "connectors/battery/world.hpp"
#include "support/postgres.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class PostgresRefusal : public testing::Test {
 protected:
  void open(const SchemaPtr& schema = BatteryWorld::schema(), SinkMode mode = SinkMode::append) {
    world_.open_place(schema, mode);
    table_ = world_.driver().place();
    ASSERT_TRUE(world_.start(*publisher_).has_value());
  }
  void publish(const Operations& operations) {
    const auto outcome = world_.publish(*publisher_, "o1", 1, operations);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    ASSERT_EQ(*outcome, PublishOutcome::published);
  }
  Error failure(const Operations& operations) {
    const auto outcome = world_.publish(*publisher_, "o1", 1, operations);
    EXPECT_FALSE(outcome.has_value());
    return outcome ? Error{ErrorCode::internal, "published"} : outcome.error();
  }
  // The only reject.
  Reject reject() {
    EXPECT_EQ(world_.rejects().kept.size(), 1u);
    return world_.rejects().kept.empty() ? Reject{} : world_.rejects().kept.front();
  }
  void expect_refused(uint64_t operation, const std::string& state) {
    const Reject refused = reject();
    EXPECT_EQ(refused.operation, operation);
    EXPECT_EQ(refused.error.code, ErrorCode::sink_rejected);
    EXPECT_NE(refused.error.message.find("(SQLSTATE " + state + ")"), std::string::npos)
        << refused.error.message;
  }

  BatteryWorld world_{make_postgres_driver(shared_servers())};
  Postgres postgres_{shared_servers()};
  std::unique_ptr<Publisher> publisher_ = world_.publisher("o1");
  std::string table_;
};

using Texts = std::vector<std::string>;

// Text that does not compress: an index entry of it is too large.
TEST_F(PostgresRefusal, ARowBeyondALimitOfAnIndexIsAReject) {
  open();
  postgres_.exec("CREATE INDEX ON " + table_ + " (v)");
  constexpr uint32_t seed = 7;
  std::mt19937 random(seed);
  std::string large;
  while (large.size() < 12'000) large += static_cast<char>('a' + random() % 26);
  publish(world_.encode("1|a\n2|" + large + "\n3|c"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|a", "3|c"})) << "seed " << seed;
  expect_refused(1, "54000");
  EXPECT_EQ(reject().row, "{\"id\":2,\"v\":\"" + large + "\"}");
}

TEST_F(PostgresRefusal, ARowThatAViewsCheckOptionRefusesIsAReject) {
  open();
  postgres_.exec("ALTER TABLE " + table_ + " RENAME TO " + table_ + "_all; CREATE VIEW " + table_ +
                 " AS SELECT * FROM " + table_ + "_all WHERE id < 100 WITH CHECK OPTION");
  publish(world_.encode("1|a\n100|b\n2|c"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|a", "2|c"}));
  expect_refused(1, "44000");
}

TEST_F(PostgresRefusal, ARowThatTheDatabasesEncodingCannotHoldIsARejectWithItsText) {
  world_.open_place(BatteryWorld::schema());
  const std::string& table = world_.driver().place();
  const std::string database = unique_name("latin");
  postgres_.exec("CREATE DATABASE " + database +
                 " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  {
    Postgres latin(shared_servers(), database);
    latin.exec("CREATE TABLE " + table + " (id bigint PRIMARY KEY, v text)");
    publisher_ =
        world_.publisher_by("{dsn: \"" + shared_servers().pg_dsn() + " dbname=" + database +
                                " password=" + shared_servers().pg_password() + "\"}",
                            "o1");
    ASSERT_TRUE(world_.start(*publisher_).has_value());
    publish(world_.encode("1|a\n2|\u4e2d \"q\"\n3|\u00e9"));
    EXPECT_EQ(latin.query("SELECT id::text, length(v)::text FROM " + table + " ORDER BY id"),
              (std::vector<Postgres::Row>{{"1", "1"}, {"3", "1"}}));
    publisher_.reset();
  }
  postgres_.exec("DROP DATABASE " + database + " WITH (FORCE)");
  expect_refused(1, "22P05");
  EXPECT_EQ(reject().row, "{\"id\":2,\"v\":\"\u4e2d \\\"q\\\"\"}");
}

TEST_F(PostgresRefusal, ARefusedRowIsDescribedByAllOfItsColumns) {
  const SchemaPtr schema = schema_of(
      "id bigint, b boolean, n numeric, d date, ts timestamp, tz timestamptz, doc jsonb, none "
      "text");
  open(schema);
  postgres_.exec("ALTER TABLE " + table_ + " ADD CHECK (id <> 2)");
  publish(world_.encode(
      read_rows(schema, "2|t|1.50|2024-01-02|00:00:01|00:00:01.5|{\"a\": \"\u4e2d\"}|NULL")));
  EXPECT_EQ(reject().row.substr(0, 47),
            "{\"id\":2,\"b\":true,\"n\":1.50,\"d\":\"2024-01-02\",\"ts\"");
  EXPECT_NE(reject().row.find(":00:01.5Z\",\"doc\":{\"a\": \"\u4e2d\"},\"none\":null}"),
            std::string::npos)
      << reject().row;
}

// More columns than a function of the server takes arguments.
TEST_F(PostgresRefusal, ARefusedRowOfManyColumnsIsDescribed) {
  std::string columns = "id bigint";
  std::string row = "2";
  for (int i = 1; i < 120; ++i) {
    columns += ", c" + std::to_string(i) + " integer";
    row += "|" + std::to_string(i);
  }
  const SchemaPtr schema = schema_of(columns);
  open(schema);
  postgres_.exec("ALTER TABLE " + table_ + " ADD CHECK (id <> 2)");
  publish(world_.encode(read_rows(schema, row)));
  EXPECT_TRUE(reject().row.ends_with(",\"c119\":119}")) << reject().row;
}

// Were these the rows' fault, nothing would be left but dead letters.
TEST_F(PostgresRefusal, ATableThatTakesNoRowAtAllIsTheTargetsFailure) {
  open();
  postgres_.exec("CREATE FUNCTION " + table_ +
                 "_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed'; END "
                 "$$; CREATE TRIGGER t BEFORE INSERT ON " +
                 table_ + " FOR EACH STATEMENT EXECUTE FUNCTION " + table_ + "_f()");
  const Error refused = failure(world_.encode("1|a\n2|b"));
  EXPECT_EQ(refused.retry, Retry::never);
  EXPECT_EQ(refused.to_string(),
            "E4401 sink rows, table " + table_ +
                ": PostgreSQL: closed (SQLSTATE P0001) (mend the table or the user's rights and "
                "start again: the epoch is kept and is published first)");
  EXPECT_TRUE(world_.rejects().kept.empty());
  postgres_.exec("DROP TRIGGER t ON " + table_);
  publish(world_.encode("1|a\n2|b"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"1|a", "2|b"}));
}

TEST_F(PostgresRefusal, AMissingTableIsTheTargetsFailure) {
  open();
  postgres_.exec("DROP TABLE " + table_);
  const Error refused = failure(world_.encode("1|a"));
  EXPECT_TRUE(refused.message.starts_with("sink rows, table " + table_ + ": PostgreSQL: relation"))
      << refused.message;
  EXPECT_FALSE(refused.advice.empty());
  EXPECT_TRUE(world_.rejects().kept.empty());
}

// What `open` refuses, when somebody alters the table later: the later change stays, as it does
// when the two are in different epochs.
TEST_F(PostgresRefusal, KeysThatTheTableMergesDoNotStopTheTarget) {
  open(BatteryWorld::schema(), SinkMode::upsert);
  postgres_.exec("ALTER TABLE " + table_ + " ALTER id TYPE numeric(5,-2)");
  publish(world_.encode("101|a\n102|b\n200|c"));
  EXPECT_EQ(world_.driver().shown(), (Texts{"100|b", "200|c"}));
  EXPECT_TRUE(world_.rejects().kept.empty());
}

TEST_F(PostgresRefusal, OfWhatIsWrittenThroughTheMemoryIsBounded) {
  world_.open_place(BatteryWorld::schema());
  const std::string megabyte(1024 * 1024, 'x');
  for (int64_t id = 1; id <= 17; ++id) {
    for (const auto& [sink, bytes] : world_.numbered(id, 1, megabyte))
      ASSERT_TRUE(publisher_->write_through(sink, world_.definition(), bytes).has_value());
  }
  EXPECT_EQ(world_.driver().shown().size(), 16u) << "16 MiB wait at most";
  ASSERT_TRUE(publisher_->flush().has_value());
  EXPECT_EQ(world_.driver().shown().size(), 17u);
}

TEST_F(PostgresRefusal, ARowThatIsRefusedWhenItIsWrittenThroughIsNamed) {
  world_.open_place(BatteryWorld::schema());
  const std::string table = world_.driver().place();
  postgres_.exec("ALTER TABLE " + table + " ADD CONSTRAINT small CHECK (v <> 'bad')");
  for (const auto& [sink, bytes] : world_.encode("1|a\n2|bad"))
    ASSERT_TRUE(publisher_->write_through(sink, world_.definition(), bytes).has_value());
  const Status flushed = publisher_->flush();
  ASSERT_FALSE(flushed.has_value());
  EXPECT_TRUE(flushed.error().message.starts_with("sink rows, table " + table +
                                                  ", row {\"id\":2,\"v\":\"bad\"}: PostgreSQL: "))
      << flushed.error().message;
}

}  // namespace
}  // namespace sluice::test
