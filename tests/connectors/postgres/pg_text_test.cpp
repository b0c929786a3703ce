// Text in columns whose values only their type's own input function makes, and text that PostgreSQL
// changes on the way in: what is written, what is a dead letter, and what may be a key.
#include <gtest/gtest.h>

#include "connectors/battery/world.hpp"
#include "support/postgres.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

using Texts = std::vector<std::string>;
using Rows = std::vector<Postgres::Row>;

class PostgresText : public testing::Test {
 protected:
  // A table of the schema, whose columns are then given other types: "u uuid, a text[]".
  void open(const SchemaPtr& schema, SinkMode mode, const std::vector<std::string>& types) {
    world_.open_place(schema, mode);
    table_ = world_.driver().place();
    for (const std::string& type : types) {
      const std::string name = type.substr(0, type.find(' '));
      const std::string made = type.substr(name.size() + 1);
      postgres_.exec("ALTER TABLE " + table_ + " ALTER " + name + " TYPE " + made + " USING " +
                     name + "::" + made);
    }
    ASSERT_TRUE(world_.start(*publisher_).has_value());
  }
  void publish(uint64_t epoch, const RecordBatch& rows) {
    const auto outcome = world_.publish(*publisher_, "o1", epoch, world_.encode(rows));
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    ASSERT_EQ(*outcome, PublishOutcome::published);
  }
  // "<operation> (SQLSTATE <state>)" of each reject.
  Texts refusals() {
    Texts texts;
    for (const Reject& reject : world_.rejects().kept) {
      EXPECT_EQ(reject.error.code, ErrorCode::sink_rejected);
      const size_t state = reject.error.message.find("(SQLSTATE");
      texts.push_back(std::to_string(reject.operation) + " " + reject.error.message.substr(state));
    }
    return texts;
  }
  // A sink of its own, which knows the table as it is now; the error of opening.
  Status open_sink(const SchemaPtr& schema, const std::string& key) {
    description_ = world_
                       .make_sink(schema, world_.driver().connection(),
                                  "{table: " + table_ + ", key: [" + key + "]}", SinkMode::upsert)
                       .value();
    sink_ = description_->create().value();
    static const TimeZone utc;
    return sink_->open({world_.environment(), &utc});
  }
  Texts rejections(const RecordBatch& rows) {
    Operations operations;
    OperationCollector collector(0, operations);
    std::vector<RowRejection> rejected;
    EXPECT_TRUE(sink_->encode(rows, collector, rejected).has_value());
    Texts texts;
    for (const RowRejection& rejection : rejected)
      texts.push_back(std::to_string(rejection.row) + ": " + rejection.error.to_string());
    return texts;
  }

  BatteryWorld world_{make_postgres_driver(shared_servers())};
  Postgres postgres_{shared_servers()};
  std::unique_ptr<Publisher> publisher_ = world_.publisher("o1");
  std::string table_;
  std::unique_ptr<SinkDescription> description_;
  std::unique_ptr<Sink> sink_;
};

TEST_F(PostgresText, IsReadByTheColumnsOwnInputFunction) {
  const std::string mood = unique_name("mood");
  postgres_.exec("CREATE TYPE " + mood + " AS ENUM ('glad', 'sad'); CREATE DOMAIN " + mood +
                 "_id AS uuid");
  const SchemaPtr schema =
      schema_of("id bigint, u text, e text, i text, b text, a text, j text, d text");
  open(schema, SinkMode::append,
       {"u uuid", "e " + mood, "i inet", "b bytea", "a varchar(3)[]", "j json",
        "d " + mood + "_id"});
  const std::string id = "{A0EEBC99-9C0B4EF8-BB6D6BB9-BD380A11}";
  publish(1, read_rows(schema, "1|" + id + "|glad|10.0.0.1/8|\\x0aff|{a,NULL,\"b,\"}|[1, 2]|" + id +
                                   "\n2|NULL|NULL|NULL|NULL|NULL|NULL|NULL"
                                   "\n3|x|sad|::1|\\x00|{}|{}|NULL"
                                   "\n4|NULL|happy|::1|\\x00|{}|{}|NULL"
                                   "\n5|NULL|sad|1.2.3|\\x00|{}|{}|NULL"
                                   "\n6|NULL|sad|::1|\\x0|{}|{}|NULL"
                                   "\n7|NULL|sad|::1|\\x00|{abcd}|{}|NULL"
                                   "\n8|NULL|sad|::1|\\x00|{abc}|{|NULL"
                                   "\n9|NULL|sad|::1|plain|{abc}|{}|NULL"));
  const std::string canonical = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  EXPECT_EQ(
      postgres_.query("SELECT id::text, u::text, e::text, i::text, b::text, a::text, j::text, "
                      "d::text FROM " +
                      table_ + " WHERE id <> 2 ORDER BY id"),
      (Rows{
          {"1", canonical, "glad", "10.0.0.1/8", "\\x0aff", "{a,NULL,\"b,\"}", "[1, 2]", canonical},
          {"9", std::nullopt, "sad", "::1/128", "\\x706c61696e", "{abc}", "{}", std::nullopt}}));
  EXPECT_EQ(refusals(), (Texts{"2 (SQLSTATE 22P02)", "3 (SQLSTATE 22P02)", "4 (SQLSTATE 22P02)",
                               "5 (SQLSTATE 22023)", "6 (SQLSTATE 22001)", "7 (SQLSTATE 22P02)"}));
}

// Input functions speak of syntax and of missing names as a statement does.
TEST_F(PostgresText, ThatItsColumnDoesNotReadIsARejectWhateverTheState) {
  const SchemaPtr schema = schema_of("id bigint, v text, p text, c text");
  open(schema, SinkMode::append, {"v tsvector", "p jsonpath", "c regclass"});
  publish(1, read_rows(schema,
                       "1|'a'|$.a|pg_class\n2|'''|$|NULL\n3|b|$.|NULL\n4|b|$|no_such_table\n"
                       "5|NULL|NULL|NULL"));
  EXPECT_EQ(
      postgres_.query("SELECT id::text, v::text, p::text, c::text FROM " + table_ + " ORDER BY id"),
      (Rows{{"1", "'a'", "$.\"a\"", "pg_class"}, {"5", std::nullopt, std::nullopt, std::nullopt}}));
  EXPECT_EQ(refusals(), (Texts{"1 (SQLSTATE 42601)", "2 (SQLSTATE 42601)", "3 (SQLSTATE 42P01)"}));
}

TEST_F(PostgresText, ThatItsColumnReadsIsNotToBlameForTheTarget) {
  const SchemaPtr schema = schema_of("id bigint, v text");
  open(schema, SinkMode::append, {"v tsvector"});
  postgres_.exec("CREATE FUNCTION " + table_ +
                 "_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO " + table_ +
                 "_gone VALUES (1); RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON " +
                 table_ + " FOR EACH ROW EXECUTE FUNCTION " + table_ + "_f()");
  const auto outcome =
      world_.publish(*publisher_, "o1", 1, world_.encode(read_rows(schema, "1|'''\n2|a")));
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().code, ErrorCode::publish_failed);
  EXPECT_NE(outcome.error().message.find("_gone\" does not exist (SQLSTATE 42P01)"),
            std::string::npos)
      << outcome.error().to_string();
  EXPECT_TRUE(world_.rejects().kept.empty());
}

TEST_F(PostgresText, MayBeTheKeyOfAUuid) {
  const SchemaPtr schema = schema_of("id text, v text");
  open(schema, SinkMode::upsert, {"id uuid"});
  const std::string one = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  const std::string two = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12";
  publish(1, read_rows(schema, one + "|a\n" + two + "|b"));
  publish(2, read_rows(schema, "-D " + one + "|a\n+U " + two + "|c"));
  EXPECT_EQ(postgres_.query("SELECT id::text, v FROM " + table_), (Rows{{two, "c"}}));
  EXPECT_TRUE(world_.rejects().kept.empty());
}

// To the engine other spellings are other keys: they would meet in the table, and a delete of one
// would take the other.
TEST_F(PostgresText, IsAKeyInOneSpellingOnly) {
  const SchemaPtr schema = schema_of("id text, v text");
  open(schema, SinkMode::upsert, {"id uuid"});
  ASSERT_TRUE(open_sink(schema, "id").has_value());
  const std::string message =
      "E3402 column \"id\" (uuid) is a key, whose values must be spelt as PostgreSQL spells them: "
      "in "
      "lower case, with hyphens after 8, 12, 16 and 20 digits";
  EXPECT_EQ(rejections(read_rows(schema,
                                 "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|a\n"
                                 "A0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|b\n"
                                 "a0eebc999c0b4ef8bb6d6bb9bd380a11|b\n"
                                 "-D A0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|b\n"
                                 "-D a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11|a")),
            (Texts{"1: " + message, "2: " + message, "3: " + message}));
}

TEST_F(PostgresText, IsNoKeyOfATypeWithSeveralSpellings) {
  const SchemaPtr schema = schema_of("id text, v text");
  for (const char* type : {"inet", "bytea", "text[]"}) {
    open(schema, SinkMode::upsert, {std::string("id ") + type});
    const Status opened = open_sink(schema, "id");
    ASSERT_FALSE(opened.has_value()) << type;
    EXPECT_NE(opened.error().message.find("can make one key of several"), std::string::npos)
        << opened.error().to_string();
  }
}

// PostgreSQL cuts what stands past the end if it is spaces, and nothing else.
TEST_F(PostgresText, LosesTheSpacesThatDoNotFit) {
  const SchemaPtr schema = schema_of("id bigint, v text, c text");
  world_.open_place(schema, SinkMode::append);
  table_ = world_.driver().place();
  postgres_.exec("ALTER TABLE " + table_ + " ALTER v TYPE varchar(5), ALTER c TYPE char(5)");
  ASSERT_TRUE(open_sink(schema, "id").has_value());
  std::vector<ColumnBuilder> builders;
  for (const Field& field : schema->fields()) builders.emplace_back(field.type);
  const std::vector<std::string> texts = {"CHINA" + std::string(20, ' '), "CHINA ",
                                          std::string(9, ' '), "CHINA\t", "CHIN A"};
  for (size_t i = 0; i < texts.size(); ++i) {
    builders[0].append(static_cast<int64_t>(i));
    builders[1].append_copy(texts[i]);
    builders[2].append_copy(texts[i]);
  }
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : builders) columns.push_back(builder.finish());
  const RecordBatch rows(schema, std::move(columns), texts.size());
  EXPECT_EQ(rejections(rows),
            (Texts{"3: E3402 column \"v\" (character varying(5)) cannot hold 6 characters",
                   "4: E3402 column \"v\" (character varying(5)) cannot hold 6 characters"}));
  ASSERT_TRUE(world_.start(*publisher_).has_value());
  publish(1, rows);
  EXPECT_EQ(postgres_.query("SELECT id::text, '<' || v || '>' FROM " + table_ + " ORDER BY id"),
            (Rows{{"0", "<CHINA>"}, {"1", "<CHINA>"}, {"2", "<     >"}}))
      << "the server is of the same opinion about all of them";
}

// Two keys of the engine would be one of the table.
TEST_F(PostgresText, KeepsTheSpacesOfAKey) {
  const SchemaPtr schema = schema_of("id text, v text");
  open(schema, SinkMode::upsert, {"id varchar(5)"});
  ASSERT_TRUE(open_sink(schema, "id").has_value());
  ColumnBuilder id(Type{TypeKind::text});
  ColumnBuilder v(Type{TypeKind::text});
  for (const char* key : {"CHINA", "CHINA "}) {
    id.append_copy(key);
    v.append_copy("v");
  }
  EXPECT_EQ(rejections(RecordBatch(schema, {id.finish(), v.finish()}, 2)),
            (Texts{"1: E3402 column \"id\" (character varying(5)) cannot hold 6 characters"}));
}

TEST_F(PostgresText, ThatIsMissingMayBeFilledByATrigger) {
  const SchemaPtr schema = schema_of("id bigint, v text");
  open(schema, SinkMode::append, {});
  postgres_.exec(
      "ALTER TABLE " + table_ + " ALTER v SET NOT NULL; CREATE FUNCTION " + table_ +
      "_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.v = coalesce(NEW.v, 'none'); "
      "RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON " +
      table_ + " FOR EACH ROW EXECUTE FUNCTION " + table_ + "_f()");
  ASSERT_TRUE(open_sink(schema, "id").has_value());
  EXPECT_EQ(rejections(read_rows(schema, "1|NULL")), Texts{});
  ASSERT_TRUE(open_sink(schema_of("id bigint"), "id").has_value());
}

}  // namespace
}  // namespace sluice::test
