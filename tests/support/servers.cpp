#include "support/servers.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace sluice::test {
namespace {

constexpr const char* dev_script = SLUICE_SOURCE_DIR "/dev";

const char* name_of(Server server) {
  switch (server) {
    case Server::kafka:
      return "kafka";
    case Server::postgres:
      return "postgres";
    case Server::redis:
      return "redis";
  }
  throw std::runtime_error("unknown server");
}

// Starts `./dev ARGUMENTS` with the given standard streams, and returns its process id.
pid_t spawn_dev(const std::vector<std::string>& arguments, int in, int out, int errors) {
  std::vector<char*> argv{const_cast<char*>(dev_script)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    ::dup2(in, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(errors, STDERR_FILENO);
    ::execv(dev_script, argv.data());
    ::_exit(127);
  }
  return child;
}

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe failed");
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    close_read();
    close_write();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_read() { close_end(read_end); }
  void close_write() { close_end(write_end); }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
};

std::string read_to_end(int descriptor) {
  std::string text;
  std::array<char, 4096> block{};
  for (;;) {
    const ssize_t size = ::read(descriptor, block.data(), block.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return text;
    text.append(block.data(), static_cast<std::size_t>(size));
  }
}

// False when the other end closes before a line has come.
bool reads_line(int descriptor) {
  for (;;) {
    char c = 0;
    const ssize_t size = ::read(descriptor, &c, 1);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0 || c == '\n') return size > 0;
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

void run_dev(const std::vector<std::string>& arguments) {
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  Pipe output;
  const pid_t child = spawn_dev(arguments, nothing, output.write_end, output.write_end);
  ::close(nothing);
  output.close_write();
  const std::string text = read_to_end(output.read_end);
  if (const int status = wait_for(child); status != 0) {
    throw std::runtime_error("./dev " + arguments.front() + " failed:\n" + text);
  }
}

std::string make_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "sluice-servers-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed: " + pattern);
  return pattern;
}

// Reads one value from the lines `export NAME='value'` that `./dev up` writes.
std::string environment_value(const std::string& folder, const std::string& name) {
  std::ifstream file(folder + "/env");
  const std::string start = "export " + name + "='";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(start)) return line.substr(start.size(), line.size() - start.size() - 1);
  }
  throw std::runtime_error(folder + "/env has no " + name);
}

}  // namespace

// Holds the pipe whose end tells the guard process to kill the servers and delete their folder.
class TestServers::Guard {
 public:
  explicit Guard(const std::string& folder) {
    Pipe output;
    // What goes wrong when the servers end is said where the test's own messages go.
    child_ = spawn_dev({"hold", "--dir", folder}, pipe_.read_end, output.write_end, STDERR_FILENO);
    output.close_write();
    pipe_.close_read();
    if (!reads_line(output.read_end)) throw std::runtime_error("./dev hold does not start");
  }
  ~Guard() {
    pipe_.close_write();
    wait_for(child_);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  Pipe pipe_;
  pid_t child_ = -1;
};

TestServers::TestServers() : folder_(make_folder()), guard_(std::make_unique<Guard>(folder_)) {}

TestServers::TestServers(std::string folder) : folder_(std::move(folder)) {}

TestServers::~TestServers() = default;

std::string TestServers::brokers() { return value(Server::kafka, "KAFKA_BROKERS"); }
std::string TestServers::pg_dsn() { return value(Server::postgres, "PG_DSN"); }
std::string TestServers::pg_password_file() { return value(Server::postgres, "PG_PASSWORD_FILE"); }
std::string TestServers::redis_addr() { return value(Server::redis, "REDIS_ADDR"); }

std::string TestServers::pg_password() {
  std::ifstream file(pg_password_file());
  std::string password;
  std::getline(file, password);
  return password;
}

std::string TestServers::value(Server server, const std::string& name) {
  const bool is_ours = guard_ != nullptr;
  if (is_ours && !started_[server]) start(server);
  return environment_value(folder_, name);
}

void TestServers::start(Server server) {
  run_dev({"up", "--guarded", "--dir", folder_, name_of(server)});
  started_[server] = true;
}

void TestServers::stop(Server server) { run_verb("down", server); }
void TestServers::restart(Server server) { run_verb("restart", server); }
void TestServers::kill(Server server) { run_verb("kill", server); }
void TestServers::freeze(Server server) {
  run_dev({"kill", "--dir", folder_, "--signal", "STOP", name_of(server)});
}
void TestServers::thaw(Server server) {
  run_dev({"kill", "--dir", folder_, "--signal", "CONT", name_of(server)});
}

void TestServers::run_verb(std::string_view verb, Server server) {
  run_dev({std::string(verb), "--dir", folder_, name_of(server)});
}

TestServers& shared_servers() {
  static const std::unique_ptr<TestServers> servers = [] {
    const char* folder = std::getenv("SLUICE_TEST_SERVERS");
    return folder == nullptr ? std::make_unique<TestServers>()
                             : std::make_unique<TestServers>(folder);
  }();
  return *servers;
}

std::string unique_name(std::string_view prefix) {
  static std::atomic<int> counter{0};
  return std::string(prefix) + "_" + std::to_string(::getpid()) + "_" + std::to_string(++counter);
}

}  // namespace sluice::test
