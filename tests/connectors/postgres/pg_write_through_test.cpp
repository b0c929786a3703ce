// What an upsert sink writes while records flow: a statement takes a key once, so that PostgreSQL
// never refuses it ("cannot affect row a second time") and it need not be repeated in halves.
#include <gtest/gtest.h>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "connectors/battery/world.hpp"
#include "runtime/sink_writer.hpp"
#include "support/fake_filesystem.hpp"
#include "support/postgres.hpp"
#include "support/test_rows.hpp"

namespace sluice::test {
namespace {

class NoLetters final : public DeadLetters {
 public:
  Status add(DeadLetter letter) override { return fail(letter.error.code, letter.error.message); }
};

class PostgresWriteThrough : public testing::Test {
 protected:
  PostgresWriteThrough() {
    const std::string place = world_.driver().make_place(*BatteryWorld::schema());
    table_ = world_.driver().place();
    count_statements();
    auto sink = world_.make_sink(BatteryWorld::schema(), world_.driver().connection(), place,
                                 SinkMode::upsert);
    EXPECT_TRUE(sink.has_value()) << sink.error().to_string();
    const SpoolSink spooled{"rows", (*sink)->definition()};
    node_.name = "rows";
    node_.schema = BatteryWorld::schema();
    node_.node = SinkVertex{0, std::move(*sink), SinkMode::upsert, {0}};
    CheckpointSettings settings;
    settings.folder = "state/main.p";
    settings.pipeline_id = "main.p";
    settings.exactly_once = false;
    const auto connect = [this](const PublisherIds& ids) -> Result<std::unique_ptr<Publisher>> {
      return world_.publisher(ids.owner, ids.uid);
    };
    auto opened = CheckpointCoordinator::open(settings, {{"db", connect, {spooled}}}, environment_,
                                              counters_, memory_);
    EXPECT_TRUE(opened.has_value()) << opened.error().to_string();
    coordinator_ = std::move(*opened);
    writer_.emplace(node_, 0, *coordinator_, coordinator_->current_epoch());
  }

  // A sequence does not go back with what is rolled back.
  void count_statements() {
    postgres_.exec("CREATE SEQUENCE " + table_ + "_tries;" + "CREATE FUNCTION " + table_ +
                   "_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('" +
                   table_ + "_tries'); RETURN NULL; END $$;" +
                   "CREATE TRIGGER tries BEFORE INSERT ON " + table_ +
                   " FOR EACH STATEMENT EXECUTE FUNCTION " + table_ + "_count()");
  }
  std::string statements() {
    return postgres_.query("SELECT last_value FROM " + table_ + "_tries").at(0).at(0).value();
  }

  BatteryWorld world_{make_postgres_driver(shared_servers())};
  Postgres postgres_{shared_servers()};
  std::string table_;
  FakeFilesystem files_;
  Environment environment_{world_.environment().clock, &files_, &world_.failpoints(),
                           world_.environment().log};
  Counters counters_;
  MemoryPool memory_{uint64_t{16} << 20};
  TimeZone zone_;
  NoLetters letters_;
  StepCounters step_{counters_, "p", "rows", "sink"};
  OperatorContext context_{environment_, &memory_, &zone_, &letters_, &step_, {}};
  StreamNode node_;
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  std::optional<SinkWriter> writer_;
};

TEST_F(PostgresWriteThrough, AKeyOnBothSidesOfABarrierIsInTwoStatements) {
  ASSERT_TRUE(writer_->open(context_).has_value());
  ASSERT_TRUE(writer_->process(read_rows(node_.schema, "1|a\n2|b")).has_value());
  ASSERT_TRUE(writer_->end_epoch().has_value());
  ASSERT_TRUE(writer_->process(read_rows(node_.schema, "1|c\n1|d")).has_value());
  ASSERT_TRUE(writer_->send().has_value());
  EXPECT_EQ(world_.driver().shown(), (std::vector<std::string>{"1|d", "2|b"}));
  EXPECT_EQ(statements(), "2");
}

}  // namespace
}  // namespace sluice::test
