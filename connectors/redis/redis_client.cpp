#include "connectors/redis/redis_client.hpp"

#include <sys/time.h>

#include <charconv>

#include "config/credentials.hpp"

namespace sluice::redis {

namespace {

template <class Number>
bool parse_number(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end;
}

Error with_fields(const Options& connection, Error refused) {
  if (refused.code != ErrorCode::authentication_failed) return refused;
  return refused_credentials(connection, {"username", "password"}, std::move(refused.message));
}

}  // namespace

const OptionTable& connection_options() {
  static const OptionTable table = {
      {"url", OptionKind::text, true, "", "redis://host:port/db"},
      {"username", OptionKind::text, false, "", "user of the access control list"},
      {"password", OptionKind::secret, false, "", "password"},
      {"timeout", OptionKind::duration, false, "10s", "longest wait for a connection or a reply"},
      {"wait_replicas", OptionKind::integer, false, "0",
       "replicas that must have an epoch before it counts as published (WAIT)"},
  };
  return table;
}

Error error_of_reply(const redisReply& reply) {
  const std::string text(reply.str, reply.len);
  const auto begins = [&](std::string_view start) { return text.starts_with(start); };
  if (begins("NOAUTH") || begins("WRONGPASS") || begins("NOPERM") || begins("ERR AUTH"))
    return {ErrorCode::authentication_failed, "Redis: " + text, Retry::never, {}};
  if (begins("ERR DB index")) {
    return {ErrorCode::target_unsuitable, "Redis: " + text, Retry::never,
            "name a database of the server in the connection's url"};
  }
  // LOADING, BUSY, OOM, READONLY, CLUSTERDOWN pass.
  return {ErrorCode::publish_failed, "Redis: " + text, Retry::later, {}};
}

Result<Address> parse_url(const std::string& url) {
  std::string_view rest = url;
  if (rest.starts_with("rediss://")) {
    return fail(ErrorCode::invalid_value,
                "rediss:// needs TLS, which this build's Redis client does not have",
                "use redis:// inside a trusted network");
  }
  if (!rest.starts_with("redis://") || rest.find('@') != std::string_view::npos) {
    return fail(ErrorCode::invalid_value, "a Redis url is redis://host:port/db",
                "give user and password as fields of the connection");
  }
  rest.remove_prefix(8);
  Address address;
  const size_t slash = rest.find('/');
  if (slash != std::string_view::npos && slash + 1 < rest.size()) {
    if (!parse_number(rest.substr(slash + 1), address.database)) {
      return fail(ErrorCode::invalid_value, "the database in the Redis url is not a number");
    }
  }
  rest = rest.substr(0, slash);
  const size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && !parse_number(rest.substr(colon + 1), address.port)) {
    return fail(ErrorCode::invalid_value, "the port in the Redis url is not a number");
  }
  address.host = rest.substr(0, colon);
  return address;
}

Error RedisClient::connection_error() const {
  const std::string message = context_ == nullptr ? "out of memory" : context_->errstr;
  return {ErrorCode::connection_failed, "Redis: " + message, Retry::later,
          "check that the server runs and is reachable"};
}

Result<RedisClient> RedisClient::connect(const Options& connection) {
  SLUICE_ASSIGN(const Address address, parse_url(connection.text("url")));
  const int64_t timeout_us = connection.duration_us("timeout");
  const timeval timeout{timeout_us / 1'000'000, timeout_us % 1'000'000};
  RedisClient client(redisConnectWithTimeout(address.host.c_str(), address.port, timeout));
  if (client.is_broken()) return fail(client.connection_error());
  redisSetTimeout(client.context_.get(), timeout);
  redisEnableKeepAlive(client.context_.get());
  const std::string password =
      connection.has("password") ? connection.secret("password").reveal() : "";
  if (!password.empty()) {
    Arguments login = {"AUTH"};
    if (connection.has("username")) login.push_back(connection.text("username"));
    login.push_back(password);
    if (auto greeted = client.command(login); !greeted)
      return fail(with_fields(connection, std::move(greeted).error()));
  }
  if (address.database != 0)
    SLUICE_TRY(client.command({"SELECT", std::to_string(address.database)}));
  return client;
}

Status RedisClient::append(const Arguments& arguments) {
  std::vector<const char*> values;
  std::vector<size_t> sizes;
  for (const std::string& argument : arguments) {
    values.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  const int result = redisAppendCommandArgv(context_.get(), static_cast<int>(values.size()),
                                            values.data(), sizes.data());
  return result == REDIS_OK ? Status{} : Status(fail(connection_error()));
}

Result<Reply> RedisClient::read() {
  void* raw = nullptr;
  if (redisGetReply(context_.get(), &raw) != REDIS_OK) return fail(connection_error());
  return Reply(static_cast<redisReply*>(raw));
}

Result<Reply> RedisClient::command(const Arguments& arguments) {
  SLUICE_TRY(append(arguments));
  SLUICE_ASSIGN(Reply reply, read());
  if (reply->type == REDIS_REPLY_ERROR) return fail(error_of_reply(*reply));
  return reply;
}

}  // namespace sluice::redis
