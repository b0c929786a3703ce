// What a test does to PostgreSQL from outside: run statements and read rows as text.
//
// Owned by the test and used by one thread at a time. Every failure throws std::runtime_error with
// the server's message.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sluice::test {

class TestServers;

class Postgres {
 public:
  using Row = std::vector<std::optional<std::string>>;

  // Connects, starting the server if needed.
  explicit Postgres(TestServers& servers);
  // Connects to another of its databases.
  Postgres(TestServers& servers, const std::string& database);
  ~Postgres();
  Postgres(Postgres&&) noexcept;
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  // Runs one or several statements without parameters.
  void exec(const std::string& sql);
  // Runs one statement with $1, $2, … and returns its rows; NULL is nullopt.
  std::vector<Row> query(const std::string& sql,
                         const std::vector<std::optional<std::string>>& parameters = {});

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace sluice::test
