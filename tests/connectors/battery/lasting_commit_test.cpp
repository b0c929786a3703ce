// PostgreSQL may answer a commit before it is on the disk; a publisher must not let it.
#include "connectors/battery/battery.hpp"
#include "support/postgres.hpp"

namespace sluice::test {
namespace {

TEST(LastingCommit, IsWantedAlsoWhereTheServerWouldAnswerEarlier) {
  Postgres postgres(shared_servers());
  BatteryWorld world(make_postgres_driver(shared_servers()));
  world.open_place(BatteryWorld::schema());
  const std::string table = *postgres.query(
      "SELECT max(relname) FROM pg_class WHERE oid = (SELECT max(oid) FROM pg_class "
      "WHERE relkind = 'r' AND relname LIKE 'battery%')")[0][0];
  postgres.exec("ALTER TABLE " + table +
                " ADD COLUMN how text DEFAULT current_setting('synchronous_commit')");
  postgres.exec("ALTER ROLE CURRENT_USER SET synchronous_commit = off");
  const auto publisher = world.publisher("o1");
  const bool is_started = world.start(*publisher).has_value();
  const auto outcome = world.publish(*publisher, "o1", 1, world.numbered(1, 1));
  postgres.exec("ALTER ROLE CURRENT_USER RESET synchronous_commit");
  ASSERT_TRUE(is_started);
  ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
  EXPECT_EQ(postgres.query("SELECT how FROM " + table)[0][0], "on");
}

}  // namespace
}  // namespace sluice::test
