// What PostgreSQL's tables refuse: single rows before they are spooled, and tables that could never
// take the rows of a sink.
#include <gtest/gtest.h>

#include "connectors/battery/world.hpp"
#include "connectors/postgres/connection_checks.hpp"
#include "connectors/postgres/pg_client.hpp"
#include "support/postgres.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class PostgresSink : public testing::Test {
 protected:
  void create_table(const std::string& columns) {
    postgres_.exec("CREATE TABLE " + table_ + " (" + columns + ")");
  }
  // Opens a sink over the table; the error of opening.
  Status open(const SchemaPtr& schema, SinkMode mode = SinkMode::append,
              const std::string& connection = {}) {
    description_ =
        world_
            .make_sink(schema, connection.empty() ? world_.driver().connection() : connection,
                       "{table: " + table_ + "}", mode)
            .value();
    sink_ = description_->create().value();
    static const TimeZone utc;
    return sink_->open({world_.environment(), &utc});
  }
  // "row: message" of the rows that are rejected.
  std::vector<std::string> rejections(const RecordBatch& rows) {
    Operations operations;
    OperationCollector collector(0, operations);
    std::vector<RowRejection> rejected;
    EXPECT_TRUE(sink_->encode(rows, collector, rejected).has_value());
    EXPECT_EQ(operations.size() + rejected.size(), rows.rows());
    std::vector<std::string> texts;
    for (const RowRejection& rejection : rejected)
      texts.push_back(std::to_string(rejection.row) + ": " + rejection.error.to_string());
    return texts;
  }

  BatteryWorld world_{make_postgres_driver(shared_servers())};
  Postgres postgres_{shared_servers()};
  // A user whose name is a schema makes tables there: others would not find them.
  std::string table_ = "public." + unique_name("sink");
  std::unique_ptr<SinkDescription> description_;
  std::unique_ptr<Sink> sink_;
};

using Texts = std::vector<std::string>;

TEST_F(PostgresSink, RowsThatTheTableWouldRefuseAreRejectedBeforeTheSpool) {
  create_table(
      "id bigint PRIMARY KEY, must text NOT NULL, short varchar(3), fixed char(2), small smallint, "
      "four int, n numeric(5,2)");
  const SchemaPtr schema = schema_of(
      "id bigint, must text, short text, fixed text, small integer, four bigint, n numeric");
  ASSERT_TRUE(open(schema).has_value());
  const RecordBatch rows = read_rows(schema,
                                     "1 | a | abc | ab | 32767 | 2147483647 | 999.99\n"
                                     "2 | NULL | a | a | 1 | 1 | 1\n"
                                     "3 | a | abcd | a | 1 | 1 | 1\n"
                                     "4 | a | \u00e9\u00e9\u00e9 | \u4e2d\u6587 | 1 | 1 | 1\n"
                                     "5 | a | a | abc | 1 | 1 | 1\n"
                                     "6 | a | a | a | 32768 | 1 | 1\n"
                                     "7 | a | a | a | -32769 | 1 | 1\n"
                                     "8 | a | a | a | 1 | 2147483648 | 1\n"
                                     "9 | a | a | a | 1 | 1 | 999.995\n"
                                     "10 | a | a | a | 1 | 1 | 999.994\n"
                                     "11 | a | NULL | NULL | NULL | NULL | NULL\n"
                                     "12 | a | a | a | 1 | 1 | -Infinity\n"
                                     "13 | a | a | a | 1 | 1 | NaN");
  EXPECT_EQ(rejections(rows),
            (Texts{"1: E3402 column \"must\" (text) cannot hold NULL",
                   "2: E3402 column \"short\" (character varying(3)) cannot hold 4 characters",
                   "4: E3402 column \"fixed\" (character(2)) cannot hold 3 characters",
                   "5: E3402 column \"small\" (smallint) cannot hold 32768",
                   "6: E3402 column \"small\" (smallint) cannot hold -32769",
                   "7: E3402 column \"four\" (integer) cannot hold 2147483648",
                   "8: E3402 column \"n\" (numeric(5,2)) cannot hold 999.995",
                   "11: E3402 column \"n\" (numeric(5,2)) cannot hold -Infinity"}));
}

TEST_F(PostgresSink, AnInfiniteIntervalIsRejectedWhereItWouldBecomeAFiniteOne) {
  create_table("v interval");
  const SchemaPtr schema = schema_of("v interval");
  ASSERT_TRUE(open(schema).has_value());
  const RecordBatch rows = read_rows(schema, "1 day\ninfinity\nNULL\n-infinity");
  const int version = std::stoi(*postgres_.query("SHOW server_version_num").at(0).at(0));
  const std::string cannot =
      ": E3402 column \"v\" (interval) cannot hold an infinite interval, which PostgreSQL has "
      "since 17";
  EXPECT_EQ(rejections(rows), version >= 170'000 ? Texts{} : (Texts{"1" + cannot, "3" + cannot}));
}

TEST_F(PostgresSink, ANulByteIsRejectedBeforeTheSpool) {
  create_table("v text");
  const SchemaPtr schema = schema_of("v text");
  ASSERT_TRUE(open(schema).has_value());
  ColumnBuilder builder(Type{TypeKind::text});
  builder.append_copy(std::string_view("a\0b", 3));
  const RecordBatch rows(schema, {builder.finish()}, 1);
  EXPECT_EQ(rejections(rows), (Texts{"0: E3402 column \"v\" (text) cannot hold a NUL byte"}));
}

TEST_F(PostgresSink, ATableThatCannotTakeTheRowsIsRefusedWhenItOpens) {
  create_table("id bigint, v text, must int NOT NULL, made bigint GENERATED ALWAYS AS (1) STORED");
  const auto message = [&](const std::string& columns, SinkMode mode = SinkMode::append) {
    const Status opened = open(schema_of(columns), mode);
    return opened ? std::string("taken") : opened.error().to_string();
  };
  const std::string advice = " (`sluice validate --env` lists every difference)";
  EXPECT_EQ(message("id bigint, must integer, none text"),
            "E4202 table " + table_ + " has no column \"none\"" + advice);
  EXPECT_EQ(message("id text, must integer"), "E4202 column \"id\" of table " + table_ +
                                                  " is of type bigint, the sink writes text" +
                                                  advice);
  EXPECT_EQ(message("id bigint, v text"), "E4202 column \"must\" of table " + table_ +
                                              " is NOT NULL and the sink does not write it" +
                                              advice);
  EXPECT_EQ(message("id bigint, must integer", SinkMode::upsert),
            "E4202 table " + table_ + " has no primary key or unique constraint on these columns" +
                advice);
  EXPECT_NE(message("id bigint, must integer, made bigint").find("\"made\""), std::string::npos);
  EXPECT_EQ(message("id integer, v text, must bigint"), "taken") << "assignment casts are taken";
}

TEST_F(PostgresSink, RefusedCredentialsNameTheirFields) {
  create_table("id bigint");
  const Status opened = open(schema_of("id bigint"), SinkMode::append,
                             "{dsn: \"" + shared_servers().pg_dsn() + "\", password: wrong}");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::authentication_failed);
  EXPECT_EQ(opened.error().advice, "correct dsn and password");
}

struct KeyCase {
  std::string written;
  std::string column;
};

// The engine's two keys would be one of the table's.
TEST_F(PostgresSink, AKeyColumnThatMayMergeKeysIsRefusedWhenItOpens) {
  postgres_.exec("CREATE COLLATION " + table_ +
                 "_ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false); "
                 "CREATE DOMAIN " +
                 table_ + "_money AS numeric(10,2)");
  for (const KeyCase& key : std::vector<KeyCase>{{"numeric", "numeric(10,2)"},
                                                 {"numeric(16,3)", "numeric(10,2)"},
                                                 {"numeric(10,3)", table_ + "_money"},
                                                 {"numeric(16,2)", "bigint"},
                                                 {"numeric", "double precision"},
                                                 {"double precision", "real"},
                                                 {"double precision", "integer"},
                                                 {"double precision", "numeric"},
                                                 {"bigint", "double precision"},
                                                 {"bigint", "numeric(5,-2)"},
                                                 {"integer", "real"},
                                                 {"text", "char(4)"},
                                                 {"text", "name"},
                                                 {"text", "text COLLATE " + table_ + "_ci"},
                                                 {"timestamp", "timestamp(0)"},
                                                 {"timestamptz", "timestamptz(3)"},
                                                 {"timestamp", "date"},
                                                 {"timestamptz", "date"},
                                                 {"interval", "interval(0)"},
                                                 {"interval", "interval day"}}) {
    create_table("id " + key.column + " PRIMARY KEY");
    const Status opened = open(schema_of("id " + key.written), SinkMode::upsert);
    ASSERT_FALSE(opened.has_value()) << key.written << " into " << key.column;
    EXPECT_NE(opened.error().message.find("can make one key of several"), std::string::npos)
        << opened.error().to_string();
    EXPECT_TRUE(open(schema_of("id " + key.written)).has_value()) << "of append nothing is netted";
    postgres_.exec("DROP TABLE " + table_);
  }
}

TEST_F(PostgresSink, AKeyColumnThatKeepsKeysApartIsTaken) {
  for (const KeyCase& key : std::vector<KeyCase>{{"integer", "bigint"},
                                                 {"integer", "smallint"},
                                                 {"integer", "double precision"},
                                                 {"bigint", "integer"},
                                                 {"bigint", "numeric"},
                                                 {"bigint", "numeric(18,0)"},
                                                 {"numeric", "numeric"},
                                                 {"numeric(16,2)", "numeric(18,2)"},
                                                 {"numeric(16,2)", "numeric(10,4)"},
                                                 {"numeric(16,2)", "numeric"},
                                                 {"numeric(10,0)", "bigint"},
                                                 {"double precision", "double precision"},
                                                 {"text", "varchar"},
                                                 {"text", "varchar(3)"},
                                                 {"text", "text COLLATE \"C\""},
                                                 {"date", "timestamp"},
                                                 {"date", "date"},
                                                 {"timestamp", "timestamp(6)"},
                                                 {"timestamptz", "timestamptz"},
                                                 {"timestamptz", "timestamp"},
                                                 {"interval", "interval"},
                                                 {"boolean", "boolean"}}) {
    create_table("id " + key.column + " PRIMARY KEY");
    const Status opened = open(schema_of("id " + key.written), SinkMode::upsert);
    EXPECT_TRUE(opened.has_value())
        << key.written << " into " << key.column << ": " << opened.error().to_string();
    postgres_.exec("DROP TABLE " + table_);
  }
}

TEST_F(PostgresSink, AKeyColumnOfUpsertSaysWhatToChange) {
  create_table("id numeric(10,2) UNIQUE, v text UNIQUE");
  const auto message = [&](const std::string& columns) {
    const Status opened = open(schema_of(columns), SinkMode::upsert);
    return opened ? std::string("taken") : opened.error().message;
  };
  EXPECT_EQ(message("id numeric"),
            "key column \"id\" of table " + table_ +
                " is of type numeric(10,2), which can make one key of several that the sink writes "
                "as numeric; declare it numeric, or cast the query's key to the column's type");
  EXPECT_EQ(message("v integer"),
            "key column \"v\" of table " + table_ +
                " is of type text, which PostgreSQL does not compare with the sink's integer; cast "
                "the key in the query");
}

TEST_F(PostgresSink, ADomainIsWhatItStandsFor) {
  postgres_.exec("CREATE DOMAIN " + table_ + "_short AS varchar(3); CREATE DOMAIN " + table_ +
                 "_shorter AS " + table_ + "_short");
  create_table("v " + table_ + "_shorter");
  const SchemaPtr schema = schema_of("v text");
  ASSERT_TRUE(open(schema).has_value());
  const auto rejected = rejections(read_rows(schema, "abc\nabcd"));
  ASSERT_EQ(rejected.size(), 1u);
  EXPECT_NE(rejected[0].find("cannot hold 4 characters"), std::string::npos) << rejected[0];
}

TEST_F(PostgresSink, ATableWithoutRightsIsRefusedWhenItOpens) {
  create_table("id bigint PRIMARY KEY, v text");
  const std::string user = unique_name("reader");
  postgres_.exec("CREATE ROLE " + user + " LOGIN PASSWORD 'x'; GRANT SELECT ON " + table_ + " TO " +
                 user);
  const std::string dsn = shared_servers().pg_dsn() + " user=" + user + " password=x";
  const Status opened =
      open(schema_of("id bigint, v text"), SinkMode::append, "{dsn: \"" + dsn + "\"}");
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().message, "the user may not INSERT into table " + table_);
}

// What two pipelines may not write together.
TEST(PostgresSoleUse, NamesTheDatabaseThatLibpqWouldConnectTo) {
  const auto name_of = [](const std::string& dsn) {
    return postgres::database_name(
        options_of(postgres::connection_options(), "{dsn: \"" + dsn + "\"}"));
  };
  EXPECT_EQ(name_of("host=db dbname=w user=a"), "db:5432/w");
  EXPECT_EQ(name_of("postgresql://b@db:5432/w"), "db:5432/w");
  EXPECT_EQ(name_of("host=db port=5433 dbname=w"), "db:5433/w");
  EXPECT_EQ(name_of("host=db user=a"), "db:5432/a");
  EXPECT_EQ(name_of("host=db hostaddr=10.0.0.1 dbname=w"), "10.0.0.1:5432/w");
  EXPECT_EQ(name_of("service=a dbname=w"), ":5432/w (service a)");
}

}  // namespace
}  // namespace sluice::test
