// What a test does to Redis from outside: run commands and read their answers as text.
//
// Owned by the test and used by one thread at a time. A broken connection or an error answer throws
// std::runtime_error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::test {

class TestServers;

// One answer: text for strings, numbers and states; parts for arrays; neither for nil.
struct RedisReply {
  std::optional<std::string> text;
  std::vector<RedisReply> parts;
};

class Redis {
 public:
  // Connects, starting the server if needed.
  explicit Redis(TestServers& servers);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  RedisReply command(const std::vector<std::string>& arguments);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::test
