#include <algorithm>

#include "connectors/battery/driver.hpp"
#include "connectors/redis/failpoints.hpp"
#include "connectors/redis/redis_connector.hpp"
#include "support/redis.hpp"

namespace sluice::test {

namespace {

class RedisDriver final : public ConnectorDriver {
 public:
  explicit RedisDriver(TestServers& servers) : servers_(servers) {}

  std::unique_ptr<Connector> connector() const override { return make_redis_connector(); }
  std::string connection() override { return connection_to(servers_.redis_addr()); }
  std::string make_place(const Schema&) override {
    prefix_ = unique_name("battery") + ":";
    return "{type: hash, key: \"" + prefix_ + "{id}\"}";
  }
  const std::string& place() const override { return prefix_; }
  std::vector<std::string> shown() override {
    std::vector<std::string> rows;
    Redis redis(servers_);
    for (const RedisReply& key : redis.command({"KEYS", prefix_ + "*"}).parts) {
      std::string text = key.text->substr(prefix_.size());
      for (const RedisReply& part : redis.command({"HGETALL", *key.text}).parts)
        text += "|" + *part.text;
      rows.push_back(std::move(text));
    }
    std::sort(rows.begin(), rows.end());
    return rows;
  }
  std::string row(int64_t id, const std::string& v) const override {
    return std::to_string(id) + "|v|" + v;
  }
  // A key whose columns are all NULL has no field, so it is not there.
  std::vector<std::string> every_type() const override {
    return {
        "1|b|true|i|-2147483648|d|0.1|n|0|m|0.0000000001|v|a|day|1970-01-01|ts|"
        "1970-01-01 00:00:00|tz|1970-01-01 00:00:00+00|span|00:00:00|doc|{}",
        "2|b|true|i|0|d|1e-300|n|-10000.00010|m|-12345.6789000000|v||day|0001-01-01|ts|"
        "0001-01-01 00:00:00|tz|0001-01-01 00:00:00+00|span|-00:00:00.000001|doc|[\"x\", 1.50]",
        "9223372036854775807|b|false|i|2147483647|d|-1.7976931348623157e+308|n|"
        "99999999999999999999999999999999999999|m|9999999999999999999999999999.9999999999|v|"
        "h\u00e9 \U0001F600 \"q\" \\|day|9999-12-31|ts|9999-12-31 23:59:59.999999|tz|"
        "9999-12-31 23:59:59.999999+00|span|1 year 2 mons -3 days +04:05:06.7|doc|"
        "{\"a\": [1, null]}"};
  }

  std::vector<Failpoint> points_before_commit() const override { return {}; }
  std::vector<Failpoint> points_after_commit() const override {
    return {redis::failpoints::after_last_chunk};
  }
  std::vector<BadConfig> bad_configs() override {
    using Stage = BadConfig::Stage;
    const std::string nobody = "127.0.0.1:" + std::to_string(closed_port());
    const std::string address = servers_.redis_addr();
    const std::string sink = "{key: \"k:{id}\"}";
    return {
        {Stage::make_sink, connection(), "{type: string, key: \"k:{id}\"}",
         ErrorCode::missing_field},
        {Stage::make_sink, connection(), "{key: \"k:{none}\"}", ErrorCode::unknown_column},
        {Stage::make_sink, connection(), "{key: \"k:{id}:{v}\"}", ErrorCode::invalid_value},
        {Stage::make_publisher, "{url: \"rediss://" + address + "\"}", sink,
         ErrorCode::invalid_value},
        {Stage::make_publisher, "{url: \"redis://u:p@" + address + "\"}", sink,
         ErrorCode::invalid_value},
        {Stage::make_publisher, "{url: \"redis://" + address + "/x\"}", sink,
         ErrorCode::invalid_value},
        {Stage::look, "{url: \"redis://" + address + "/999\"}", sink, ErrorCode::target_unsuitable},
        {Stage::look, "{url: \"redis://" + address + "\", password: wrong}", sink,
         ErrorCode::authentication_failed},
        {Stage::look, connection_to(nobody), sink, ErrorCode::connection_failed}};
  }
  std::optional<Server> server() const override { return Server::redis; }
  std::string impatient_connection() override {
    return "{url: \"redis://" + servers_.redis_addr() + "/0\", timeout: 1s}";
  }
  std::optional<ProxiedServer> proxied_server() override {
    return ProxiedServer{servers_.redis_addr(), "EXEC"};
  }
  std::string connection_through(int port) override {
    return connection_to("127.0.0.1:" + std::to_string(port));
  }

 private:
  static std::string connection_to(const std::string& address) {
    return "{url: \"redis://" + address + "/0\"}";
  }

  TestServers& servers_;
  std::string prefix_;
};

}  // namespace

std::unique_ptr<ConnectorDriver> make_redis_driver(TestServers& servers) {
  return std::make_unique<RedisDriver>(servers);
}

}  // namespace sluice::test
