// What librdkafka says of a connection that does not come about, and what is made of it.
#include "connectors/kafka/connection_failure.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "connectors/kafka/kafka_client.hpp"
#include "support/connector_options.hpp"

namespace sluice::kafka {
namespace {

struct Case {
  const char* name;
  const char* failure;  // nullptr: nothing is known
  ErrorCode code;
  Retry retry;
  const char* advice;
};

class ConnectionFailure : public testing::TestWithParam<Case> {};

TEST_P(ConnectionFailure, NamesTheFieldToChange) {
  const Options connection = test::options_of(
      connection_options(),
      "{brokers: 'b:9092', security: sasl_ssl, username: u, password: 'never shown'}");
  const std::optional<std::string> failure =
      GetParam().failure == nullptr ? std::nullopt : std::optional<std::string>(GetParam().failure);
  const Error error = connection_failure(connection, "topic t", failure);
  EXPECT_EQ(error.code, GetParam().code);
  EXPECT_EQ(error.retry, GetParam().retry);
  EXPECT_EQ(error.message, failure ? "topic t (" + *failure + ")" : "topic t");
  EXPECT_EQ(error.advice, GetParam().advice);
}

constexpr const char* reachable = "check that the brokers run and are reachable";
constexpr const char* listener = "set security, and ca_file, as the brokers' listener asks for";

INSTANTIATE_TEST_SUITE_P(
    Rows, ConnectionFailure,
    testing::Values(
        Case{"Unknown", nullptr, ErrorCode::connection_failed, Retry::later, reachable},
        Case{"Away", "Connect to ipv4#127.0.0.1:1 failed: Connection refused",
             ErrorCode::connection_failed, Retry::later, reachable},
        Case{"Lost", "Disconnected", ErrorCode::connection_failed, Retry::later, reachable},
        Case{"Credentials",
             "SASL authentication error: Authentication failed: Invalid username or password",
             ErrorCode::authentication_failed, Retry::never, "correct username and password"},
        Case{"Mechanism",
             "SASL SCRAM-SHA-512 mechanism handshake failed: Broker: Unsupported SASL mechanism: "
             "broker's supported mechanisms: PLAIN",
             ErrorCode::authentication_failed, Retry::never,
             "set mechanism to one that the brokers support"},
        Case{"ListenerWithoutCredentials",
             "SASL PLAIN mechanism handshake failed: Broker: Request not valid in current SASL "
             "state: broker's supported mechanisms: ",
             ErrorCode::authentication_failed, Retry::never,
             "the brokers' listener takes no credentials: correct security or the port in brokers"},
        Case{"ListenerWithCredentials",
             "Disconnected: verify that security.protocol is correctly configured, broker might "
             "require SASL authentication",
             ErrorCode::authentication_failed, Retry::later,
             "set security, username and password as the brokers' listener asks for"},
        Case{"ListenerWithTls",
             "Disconnected while requesting ApiVersion: might be caused by incorrect "
             "security.protocol configuration (connecting to a SSL listener?) or broker version "
             "is < 0.10 (see api.version.request)",
             ErrorCode::connection_failed, Retry::later, listener},
        Case{"ListenerWithoutTls",
             "SSL handshake failed: error:0A000126:SSL routines::unexpected eof while reading",
             ErrorCode::connection_failed, Retry::later, listener},
        Case{"TlsThatEnds", "error:0A000126:SSL routines::unexpected eof while reading",
             ErrorCode::connection_failed, Retry::later, listener}),
    [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace sluice::kafka
