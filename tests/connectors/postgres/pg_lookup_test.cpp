// The PostgreSQL lookup: batches of keys, of several columns, of any type; keys that are not there
// or cannot be; tables that do not fit; a connection that is lost.
#include <gtest/gtest.h>

#include <algorithm>

#include "connectors/battery/world.hpp"
#include "support/postgres.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class PostgresLookup : public testing::Test {
 protected:
  void create_table(const std::string& columns, const std::string& rows = {}) {
    postgres_.exec("CREATE TABLE " + table_ + " (" + columns + ")");
    if (!rows.empty()) postgres_.exec("INSERT INTO " + table_ + " VALUES " + rows);
  }
  Status open(const std::string& keys, const std::string& values,
              const std::string& connection_text = {}) {
    const Connector& connector = world_.connector();
    const Options connection =
        options_of(connector.connection_options(),
                   connection_text.empty() ? world_.driver().connection() : connection_text);
    keys_ = schema_of(keys);
    std::string names;
    for (const Field& field : keys_->fields()) names += (names.empty() ? "" : ", ") + field.name;
    const Options options =
        options_of(*connector.lookup_options(), "{table: " + table_ + ", key: [" + names + "]}");
    LookupRequest request{"dim", &connection, &options, *keys_, schema_of(values)};
    description_ = connector.make_lookup(request).value();
    lookup_ = description_->create();
    return lookup_->open(world_.environment());
  }
  std::vector<std::string> fetch(const std::string& keys) {
    const auto found = lookup_->fetch(read_rows(keys_, keys));
    if (!found) return {found.error().to_string()};
    std::vector<std::string> texts = row_texts(found->rows);
    for (const UnfitRow& unfit : found->unfit) texts[unfit.row] = unfit.reason;
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  BatteryWorld world_{make_postgres_driver(shared_servers())};
  Postgres postgres_{shared_servers()};
  std::string table_ = unique_name("dim");
  std::unique_ptr<LookupDescription> description_;
  std::unique_ptr<Lookup> lookup_;
  SchemaPtr keys_;
};

using Texts = std::vector<std::string>;

TEST_F(PostgresLookup, FindsWhatIsThereAndLeavesOutWhatIsNot) {
  create_table("id text PRIMARY KEY, name text, n int", "('1', 'one', 10), ('2', NULL, NULL)");
  ASSERT_TRUE(open("id text", "name text, n integer").has_value());
  EXPECT_EQ(fetch("1\n2\n3"), (Texts{"+I 1|one|10", "+I 2|NULL|NULL"}));
  EXPECT_EQ(fetch("3"), Texts{});
  EXPECT_EQ(fetch(""), Texts{});
}

TEST_F(PostgresLookup, ANullKeyIsNotThere) {
  create_table("id text, name text", "(NULL, 'nobody'), ('1', 'one')");
  ASSERT_TRUE(open("id text", "name text").has_value());
  EXPECT_EQ(fetch("NULL\n1"), (Texts{"+I 1|one"}));
}

TEST_F(PostgresLookup, TakesKeysOfSeveralColumnsTogether) {
  create_table("a text, b int, name text, PRIMARY KEY (a, b)",
               "('x', 1, 'x1'), ('x', 2, 'x2'), ('y', 1, 'y1')");
  ASSERT_TRUE(open("a text, b integer", "name text").has_value());
  EXPECT_EQ(fetch("x|2\ny|1\ny|2\nNULL|1"), (Texts{"+I x|2|x2", "+I y|1|y1"}));
}

// Keys are text, the column is not: what is no number is not there, and breaks no other key.
TEST_F(PostgresLookup, AKeyThatIsNoValueOfTheColumnIsNotThere) {
  create_table("id int PRIMARY KEY, name text", "(1, 'one'), (2, 'two')");
  ASSERT_TRUE(open("id text", "name text").has_value());
  EXPECT_EQ(fetch("1\ntwo\n99999999999\n2"), (Texts{"+I 1|one", "+I 2|two"}));
}

// As a statement that is wrong is refused, or one that names what is not there.
TEST_F(PostgresLookup, AKeyThatTheColumnDoesNotReadIsNotThereWhateverTheState) {
  create_table("words tsvector, of regclass, name text", "('''a''', 'pg_class', 'found')");
  ASSERT_TRUE(open("words text", "name text").has_value());
  EXPECT_EQ(fetch("'a'\n'''\nb"), (Texts{"+I 'a'|found"}));
  ASSERT_TRUE(open("of text", "name text").has_value());
  EXPECT_EQ(fetch("no_such_table\npg_class"), (Texts{"+I pg_class|found"}));
}

TEST_F(PostgresLookup, ATableThatIsGoneIsNotAKeysFault) {
  create_table("words tsvector, name text");
  ASSERT_TRUE(open("words text", "name text").has_value());
  postgres_.exec("DROP TABLE " + table_);
  const Texts refused = fetch("'a'\n'''");
  ASSERT_EQ(refused.size(), 1u);
  EXPECT_NE(refused[0].find("SQLSTATE 42P01"), std::string::npos) << refused[0];
}

// What a key finds is its own affair: the same alone and beside whatever else is in its batch.
TEST_F(PostgresLookup, AKeyFindsTheSameWhateverStandsBesideIt) {
  create_table("id int PRIMARY KEY, day date, name text",
               "(7, '2024-01-07', 'seven'), (8, '2024-01-08', 'eight')");
  ASSERT_TRUE(open("id text", "name text").has_value());
  EXPECT_EQ(fetch("007\n08"), (Texts{"+I 007|seven", "+I 08|eight"}));
  EXPECT_EQ(fetch("n/a\n007\n99999999999\n08\n7.0"), (Texts{"+I 007|seven", "+I 08|eight"}));
  EXPECT_EQ(fetch("n/a"), Texts{});
  ASSERT_TRUE(open("id text, day text", "name text").has_value());
  EXPECT_EQ(fetch("007|20240107\n007|tomorrow at\nx|2024-01-08\n8|January 8, 2024"),
            (Texts{"+I 007|20240107|seven", "+I 8|January 8, 2024|eight"}));
}

// A cast to the column's type would cut or round the key until it fits another row's.
TEST_F(PostgresLookup, AKeyThatOnlyFitsWhenItIsCutIsNotThere) {
  create_table("code varchar(3), amount numeric(5,2), name text", "('abc', 1.00, 'found')");
  ASSERT_TRUE(open("code text", "name text").has_value());
  EXPECT_EQ(fetch("abcd\nabc"), (Texts{"+I abc|found"}));
  ASSERT_TRUE(open("amount text", "name text").has_value());
  EXPECT_EQ(fetch("1.001\n1.0"), (Texts{"+I 1.0|found"}));
}

// 7.00 is 7 and 7.5 is no whole number; a time that is not midnight is no day.
TEST_F(PostgresLookup, AKeyOfAnotherTypeFindsWhatEqualsIt) {
  create_table("id int, big bigint, day date, name text",
               "(7, 1000000000000000, '2024-01-07', 'seven')");
  ASSERT_TRUE(open("id numeric", "name text").has_value());
  EXPECT_EQ(fetch("7.00\n7.5\nNaN\n8"), (Texts{"+I 7.00|seven"}));
  ASSERT_TRUE(open("big double precision", "name text").has_value());
  EXPECT_EQ(fetch("1e15\n0.5\nInfinity"), (Texts{"+I 1e+15|seven"}));
  ASSERT_TRUE(open("day timestamp", "name text").has_value());
  EXPECT_EQ(fetch("2024-01-07 00:00\n2024-01-07 00:01"), (Texts{"+I 2024-01-07 00:00:00|seven"}));
}

TEST_F(PostgresLookup, AKeyThatTheDatabasesEncodingCannotHoldIsNotThere) {
  const std::string database = unique_name("latin");
  postgres_.exec("CREATE DATABASE " + database +
                 " ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
  {
    Postgres latin(shared_servers(), database);
    latin.exec("CREATE TABLE " + table_ + " (id text, name text); INSERT INTO " + table_ +
               " VALUES ('1', 'one'), ('2', 'two')");
    ASSERT_TRUE(open("id text", "name text",
                     "{dsn: \"" + shared_servers().pg_dsn() + " dbname=" + database +
                         " password=" + shared_servers().pg_password() + "\"}")
                    .has_value());
    EXPECT_EQ(fetch("1\n\u4e2d\n2\n3\n\u6587"), (Texts{"+I 1|one", "+I 2|two"}));
    EXPECT_EQ(fetch("\u4e2d"), Texts{});
    lookup_.reset();
  }
  postgres_.exec("DROP DATABASE " + database + " WITH (FORCE)");
}

TEST_F(PostgresLookup, QuotesWhatStandsInKeys) {
  create_table("id text PRIMARY KEY, name text",
               R"(('a"b', '1'), ('a\b', '2'), ('{a,b}', '3'), ('', '4'), ('NULL', '5'), )"
               "('\u4e2d', '6')");
  ASSERT_TRUE(open("id text", "name text").has_value());
  EXPECT_EQ(fetch("a\"b\na\\b\n{a,b}\n\u4e2d"),
            (Texts{"+I a\"b|1", "+I a\\b|2", "+I {a,b}|3", "+I \u4e2d|6"}));
}

TEST_F(PostgresLookup, ReadsEveryType) {
  create_table(
      "id bigint PRIMARY KEY, b boolean, i int, d double precision, n numeric(38,10), v text, day "
      "date, ts timestamp, tz timestamptz, span interval, doc jsonb",
      "(1, true, -5, 0.1, 9999999999999999999999999999.9999999999, 'v', '9999-12-31', "
      "'2024-01-01 00:00:01', '9999-12-31 23:59:59.999999+00', '1 mon 2 days', '{\"a\":1}')");
  ASSERT_TRUE(open("id bigint",
                   "b boolean, i integer, d double precision, n numeric(38,10), v text, day date, "
                   "ts timestamp, tz timestamptz, span interval, doc jsonb")
                  .has_value());
  EXPECT_EQ(fetch("1"),
            (Texts{"+I 1|true|-5|0.1|9999999999999999999999999999.9999999999|v|9999-12-31|"
                   "00:00:01|9999-12-31 23:59:59.999999|1 mon 2 days|{\"a\": 1}"}));
}

TEST_F(PostgresLookup, FetchesThousandsOfKeysInOneBatch) {
  create_table("id int PRIMARY KEY, name text");
  postgres_.exec("INSERT INTO " + table_ +
                 " SELECT i, 'n' || i FROM generate_series(2, 10000, 2) i");
  ASSERT_TRUE(open("id integer", "name text").has_value());
  std::string keys;
  for (int id = 1; id <= 10000; ++id) keys += std::to_string(id) + "\n";
  const Texts found = fetch(keys);
  ASSERT_EQ(found.size(), 5000u);
  EXPECT_EQ(std::count(found.begin(), found.end(), "+I 4242|n4242"), 1);
}

TEST_F(PostgresLookup, AKeyWithTwoRowsIsUnfitAlone) {
  create_table("id text, name text", "('1', 'one'), ('1', 'uno'), ('2', 'two')");
  ASSERT_TRUE(open("id text", "name text").has_value());
  const std::string two_rows = "lookup dim: table " + table_ +
                               ", key (1): there are two rows; name a unique key of the table";
  EXPECT_EQ(fetch("1\n2\n3"), (Texts{"+I 2|two", two_rows, two_rows}));
}

TEST_F(PostgresLookup, ARowWithAValueThatIsNotOfTheDeclaredTypeIsUnfitAlone) {
  create_table("a text, b int, name text, price numeric",
               "('x', 1, 'one', 1), ('x', 2, '2', 12.345), ('y', 2, '7', 1e30)");
  ASSERT_TRUE(open("a text, b integer", "name integer, price numeric(10,2)").has_value());
  const std::string table = "lookup dim: table " + table_;
  EXPECT_EQ(
      fetch("x|1\nx|2\ny|2"),
      (Texts{"+I x|2|2|12.35",
             table + ", key (x, 1): column \"name\": invalid input syntax for type integer: "
                     "\"one\"",
             table +
                 ", key (y, 2): column \"price\": numeric field overflow: a field with precision "
                 "10, scale 2 must round to an absolute value less than 10^8"}));
}

TEST_F(PostgresLookup, ATableThatDoesNotFitIsRefusedWhenItOpens) {
  const auto missing = open("id text", "name text");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, ErrorCode::table_missing);
  create_table("id text");
  const auto column = open("id text", "name text");
  ASSERT_FALSE(column.has_value());
  EXPECT_EQ(column.error().to_string(), "E4202 table " + table_ + " has no column \"name\"");
}

TEST(PostgresLookupServer, ThatGoesAwayIsAskedAgain) {
  TestServers servers;
  BatteryWorld world(make_postgres_driver(servers));
  Postgres(servers).exec("CREATE TABLE dim (id text, name text); INSERT INTO dim VALUES ('1','a')");
  const Options connection =
      options_of(world.connector().connection_options(), world.driver().impatient_connection());
  const Options options =
      options_of(*world.connector().lookup_options(), "{table: dim, key: [id]}");
  const auto description = world.connector()
                               .make_lookup({"dim", &connection, &options, *schema_of("id text"),
                                             schema_of("name text")})
                               .value();
  const auto lookup = description->create();
  ASSERT_TRUE(lookup->open(world.environment()).has_value());
  const RecordBatch key = read_rows(schema_of("id text"), "1");
  servers.freeze(Server::postgres);
  const auto silent = lookup->fetch(key);
  servers.thaw(Server::postgres);
  ASSERT_FALSE(silent.has_value());
  EXPECT_EQ(silent.error().code, ErrorCode::lookup_failed);
  EXPECT_EQ(silent.error().retry, Retry::later) << silent.error().to_string();
  ASSERT_EQ(row_texts(lookup->fetch(key).value().rows), (Texts{"+I 1|a"}));
  servers.kill(Server::postgres);
  const auto away = lookup->fetch(key);
  ASSERT_FALSE(away.has_value());
  EXPECT_EQ(away.error().retry, Retry::later) << away.error().to_string();
  servers.start(Server::postgres);
  EXPECT_EQ(row_texts(lookup->fetch(key).value().rows), (Texts{"+I 1|a"}));
}

}  // namespace
}  // namespace sluice::test
