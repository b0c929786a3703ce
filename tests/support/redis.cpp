#include "support/redis.hpp"

#include <hiredis/hiredis.h>
#include <stdexcept>

#include "support/servers.hpp"

namespace sluice::test {
namespace {

struct ReplyFreed {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};

RedisReply to_reply(const redisReply& reply) {
  RedisReply made;
  switch (reply.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      made.text.emplace(reply.str, static_cast<std::size_t>(reply.len));
      break;
    case REDIS_REPLY_INTEGER:
      made.text = std::to_string(reply.integer);
      break;
    case REDIS_REPLY_ARRAY:
      for (std::size_t i = 0; i < reply.elements; ++i)
        made.parts.push_back(to_reply(*reply.element[i]));
      break;
    case REDIS_REPLY_ERROR:
      throw std::runtime_error("redis: " +
                               std::string(reply.str, static_cast<std::size_t>(reply.len)));
    default:
      break;
  }
  return made;
}

}  // namespace

struct Redis::Connection {
  explicit Connection(const std::string& address) {
    const std::size_t colon = address.rfind(':');
    handle = redisConnect(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1)));
  }
  ~Connection() {
    if (handle != nullptr) redisFree(handle);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  redisContext* handle = nullptr;
};

Redis::Redis(TestServers& servers)
    : connection_(std::make_unique<Connection>(servers.redis_addr())) {
  if (connection_->handle == nullptr) throw std::runtime_error("redis: out of memory");
  if (connection_->handle->err != 0)
    throw std::runtime_error(std::string("redis: ") + connection_->handle->errstr);
}

Redis::~Redis() = default;

RedisReply Redis::command(const std::vector<std::string>& arguments) {
  std::vector<const char*> texts;
  std::vector<std::size_t> sizes;
  for (const std::string& argument : arguments) {
    texts.push_back(argument.data());
    sizes.push_back(argument.size());
  }
  const std::unique_ptr<redisReply, ReplyFreed> reply(static_cast<redisReply*>(redisCommandArgv(
      connection_->handle, static_cast<int>(texts.size()), texts.data(), sizes.data())));
  if (reply == nullptr)
    throw std::runtime_error(std::string("redis: ") + connection_->handle->errstr);
  return to_reply(*reply);
}

}  // namespace sluice::test
