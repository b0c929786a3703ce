// To whom a password is given: a server that speaks no TLS asks for it in clear.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "connectors/battery/world.hpp"
#include "connectors/postgres/connection_checks.hpp"
#include "connectors/postgres/pg_client.hpp"

namespace sluice::test {
namespace {

// Serves one client: refuses to encrypt, asks for the password, and keeps what it is sent.
class GreedyServer {
 public:
  static constexpr const char* password = "hunter2";

  GreedyServer() : listening_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* bound = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(listening_, bound, size), 0);
    EXPECT_EQ(listen(listening_, 1), 0);
    EXPECT_EQ(getsockname(listening_, bound, &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~GreedyServer() { received(); }

  int port() const { return port_; }
  // All that its client sent. After the client has ended.
  const std::string& received() {
    shutdown(listening_, SHUT_RDWR);  // if no client came
    if (thread_.joinable()) {
      thread_.join();
      close(listening_);
    }
    return received_;
  }

 private:
  void serve() {
    const int client = accept(listening_, nullptr, nullptr);
    if (client < 0) return;
    std::array<char, 4096> bytes{};
    ssize_t size = 0;
    while ((size = recv(client, bytes.data(), bytes.size(), 0)) > 0) {
      received_.append(bytes.data(), static_cast<size_t>(size));
      // A request to encrypt is 8 bytes, what begins a session in clear has the user's name.
      const std::string answer =
          size == 8 ? std::string("N") : std::string("R\0\0\0\x08\0\0\0\x03", 9);
      if (send(client, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
      if (received_.find(password) != std::string::npos) break;
    }
    close(client);
  }

  int listening_;
  int port_ = 0;
  std::string received_;
  std::thread thread_;
};

Options connection_with(const std::string& dsn) {
  return options_of(postgres::connection_options(),
                    "{dsn: \"" + dsn + "\", password: " + GreedyServer::password + "}");
}

// 0.0.0.0 is no loopback address, and Linux takes it to this machine.
TEST(PostgresCredentials, AnotherMachineWithoutTlsIsGivenNoPassword) {
  GreedyServer server;
  const auto client = postgres::PgClient::connect(
      connection_with("host=0.0.0.0 user=etl port=" + std::to_string(server.port())));

  ASSERT_FALSE(client.has_value());
  EXPECT_NE(client.error().advice.find("sslmode"), std::string::npos) << client.error().advice;
  EXPECT_EQ(server.received().find(GreedyServer::password), std::string::npos);
}

TEST(PostgresCredentials, AnotherMachineIsTrustedWhereTheFileSaysSo) {
  GreedyServer server;
  const auto client = postgres::PgClient::connect(connection_with(
      "host=0.0.0.0 user=etl sslmode=disable port=" + std::to_string(server.port())));

  ASSERT_FALSE(client.has_value());
  EXPECT_NE(server.received().find(GreedyServer::password), std::string::npos);
}

TEST(PostgresCredentials, WhatIsLocalOrChosenKeepsLibpqsDefault) {
  for (const char* dsn :
       {"host=127.0.0.1 user=a", "host=localhost", "host=/run/postgresql", "host=::1",
        "postgresql://a@[::1]:5432/b", "host=db hostaddr=127.0.0.5", "host=localhost,127.0.0.1",
        "host=db sslmode=prefer", "postgresql://a@db/b?sslmode=require"}) {
    EXPECT_FALSE(postgres::needs_proof_of_server(dsn)) << dsn;
  }
  for (const char* dsn :
       {"host=db", "host=127.0.0.1.example.org", "hostaddr=10.0.0.1 host=localhost",
        "host=localhost,db", "postgresql://a@db/b", "service=a"}) {
    EXPECT_TRUE(postgres::needs_proof_of_server(dsn)) << dsn;
  }
}

}  // namespace
}  // namespace sluice::test
