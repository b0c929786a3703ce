#include <algorithm>

#include "connectors/battery/driver.hpp"
#include "connectors/postgres/failpoints.hpp"
#include "connectors/postgres/postgres_connector.hpp"
#include "support/postgres.hpp"

namespace sluice::test {

namespace {

class PostgresDriver final : public ConnectorDriver {
 public:
  explicit PostgresDriver(TestServers& servers) : servers_(servers) {}

  std::unique_ptr<Connector> connector() const override { return make_postgres_connector(); }
  std::string connection() override { return connection_to(servers_.pg_dsn()); }
  std::string make_place(const Schema& schema) override {
    table_ = unique_name("battery");
    std::string columns;
    for (const Field& field : schema.fields()) {
      const std::string column = field.name + " " + type_name(field.type);
      columns += columns.empty() ? column + " PRIMARY KEY" : ", " + column;
    }
    Postgres(servers_).exec("CREATE TABLE " + table_ + " (" + columns + ")");
    return "{table: " + table_ + "}";
  }
  const std::string& place() const override { return table_; }
  std::vector<std::string> shown() override {
    std::vector<std::string> rows;
    Postgres postgres(servers_);
    postgres.exec("SET TimeZone = 'UTC'");
    for (const Postgres::Row& row : postgres.query("SELECT * FROM " + table_)) {
      std::string text;
      for (const auto& value : row) text += (text.empty() ? "" : "|") + value.value_or("NULL");
      rows.push_back(std::move(text));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  std::string row(int64_t id, const std::string& v) const override {
    return std::to_string(id) + "|" + v;
  }
  std::vector<std::string> every_type() const override {
    return {"-9223372036854775808|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL",
            "1|t|-2147483648|0.1|0|0.0000000001|a|1970-01-01|1970-01-01 00:00:00|"
            "1970-01-01 00:00:00+00|00:00:00|{}",
            "2|t|0|1e-300|-10000.00010|-12345.6789000000||0001-01-01|0001-01-01 00:00:00|"
            "0001-01-01 00:00:00+00|-00:00:00.000001|[\"x\", 1.50]",
            "9223372036854775807|f|2147483647|-1.7976931348623157e+308|"
            "99999999999999999999999999999999999999|9999999999999999999999999999.9999999999|"
            "h\u00e9 \U0001F600 \"q\" \\|9999-12-31|9999-12-31 23:59:59.999999|"
            "9999-12-31 23:59:59.999999+00|1 year 2 mons -3 days +04:05:06.7|{\"a\": [1, null]}"};
  }

  std::vector<Failpoint> points_before_commit() const override {
    return {postgres::failpoints::after_marker, postgres::failpoints::after_rows};
  }
  std::vector<Failpoint> points_after_commit() const override {
    return {postgres::failpoints::after_commit};
  }
  std::vector<BadConfig> bad_configs() override {
    using Stage = BadConfig::Stage;
    const std::string good = servers_.pg_dsn();
    const std::string nobody = "host=127.0.0.1 port=" + std::to_string(closed_port()) + " user=x";
    const std::string password = "password=" + servers_.pg_password();
    return {{Stage::look, "{dsn: \"" + good + " password=wrong\"}", "{table: t}",
             ErrorCode::authentication_failed},
            {Stage::look, "{dsn: \"" + good + " dbname=none " + password + "\"}", "{table: t}",
             ErrorCode::connection_failed},
            {Stage::look, "{dsn: \"" + good + " colour=red\"}", "{table: t}",
             ErrorCode::connection_failed},
            {Stage::look, connection_to(nobody), "{table: t}", ErrorCode::connection_failed},
            {Stage::open_sink, connection(), "{table: no_such_table}", ErrorCode::table_missing},
            {Stage::open_sink, connection(), "{table: pg_class}", ErrorCode::table_mismatch}};
  }
  std::optional<Server> server() const override { return Server::postgres; }
  std::string impatient_connection() override {
    return "{dsn: \"" + servers_.pg_dsn() + " password=" + servers_.pg_password() +
           "\", statement_timeout: 1s, connect_timeout: 2s}";
  }
  std::optional<ProxiedServer> proxied_server() override {
    const std::string port = Postgres(servers_).query("SHOW port").at(0).at(0).value();
    return ProxiedServer{"127.0.0.1:" + port, std::string("COMMIT\0", 7)};
  }
  std::string connection_through(int port) override {
    return connection_to(servers_.pg_dsn() + " port=" + std::to_string(port));
  }

 private:
  std::string connection_to(const std::string& dsn) {
    return "{dsn: \"" + dsn + " password=" + servers_.pg_password() + "\"}";
  }

  TestServers& servers_;
  std::string table_;
};

}  // namespace

std::unique_ptr<ConnectorDriver> make_postgres_driver(TestServers& servers) {
  return std::make_unique<PostgresDriver>(servers);
}

}  // namespace sluice::test
