// Real servers for tests: private Kafka, PostgreSQL and Redis processes on loopback ports, run by
// `./dev up`.
//
// A test uses shared_servers(), which all tests of a run share, so it must name its topics, tables
// and keys by unique_name(). A test that stops or kills a server makes a TestServers of its own,
// which also owns their folder. Servers start when they are first asked for. They end with the
// object, and also when the test process is killed: a guard process holds a pipe to it. Any failure
// throws std::runtime_error with the output of the command. Not thread-safe: call from the test's
// own thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::test {

enum class Server { kafka, postgres, redis };

class TestServers {
 public:
  // Servers in a new temporary folder.
  TestServers();
  // Servers that somebody else started in this folder and will stop.
  explicit TestServers(std::string folder);
  ~TestServers();
  TestServers(const TestServers&) = delete;
  TestServers& operator=(const TestServers&) = delete;

  // "host:port" of the broker.
  std::string brokers();
  // A connection string without the password; see pg_password().
  std::string pg_dsn();
  std::string pg_password();
  // A file that holds only the password, readable by its owner.
  std::string pg_password_file();
  // "host:port".
  std::string redis_addr();

  // Ends the server with time to finish; start() brings it back on the same port with the same
  // data.
  void stop(Server server);
  void start(Server server);
  void restart(Server server);
  // Ends the server at once, as a crash of its machine would.
  void kill(Server server);
  // Stops and continues the server's processes: connections stay open and nothing answers.
  void freeze(Server server);
  void thaw(Server server);

  // For a child process that finds the servers by the environment file of `./dev up`.
  const std::string& folder() const { return folder_; }

 private:
  class Guard;

  std::string value(Server server, const std::string& name);
  void run_verb(std::string_view verb, Server server);

  std::string folder_;
  std::unique_ptr<Guard> guard_;
  std::map<Server, bool> started_;
};

// The servers that every test of this process shares: those of $SLUICE_TEST_SERVERS, or a set of
// its own.
TestServers& shared_servers();

// "<prefix>_<process id>_<counter>": a name that no other test of the run uses, valid as topic,
// table and key.
std::string unique_name(std::string_view prefix);

}  // namespace sluice::test
