// A connection to Redis that closes itself; commands as argument lists, replies owned, failures as
// catalogue codes. One thread at a time; blocks up to the connection's timeout.
#pragma once

#include <hiredis/hiredis.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/option_spec.hpp"

namespace sluice::redis {

struct ReplyDeleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, ReplyDeleter>;
using Arguments = std::vector<std::string>;

struct Address {
  std::string host;
  int port = 6379;
  int database = 0;
};
// redis://host[:port][/db]. Errors: invalid_value; rediss:// is refused, this build's client has no
// TLS. No message repeats a part of the url: any part may be a password.
Result<Address> parse_url(const std::string& url);

const OptionTable& connection_options();

// What an error reply means.
Error error_of_reply(const redisReply& reply);

class RedisClient {
 public:
  // Connects, authenticates, selects the database.
  static Result<RedisClient> connect(const Options& connection);

  // One command and its reply. An error reply is an Error.
  Result<Reply> command(const Arguments& arguments);
  // Queues a command; replies come in order from read(), as they are (error replies too).
  Status append(const Arguments& arguments);
  Result<Reply> read();
  bool is_broken() const { return context_ == nullptr || context_->err != 0; }

 private:
  struct ContextDeleter {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  explicit RedisClient(redisContext* context) : context_(context) {}
  Error connection_error() const;

  std::unique_ptr<redisContext, ContextDeleter> context_;
};

}  // namespace sluice::redis
