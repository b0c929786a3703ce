#include "daemon/listen_address.hpp"

#include <gtest/gtest.h>

namespace sluice {
namespace {

TEST(ListenAddress, LoopbackAndUnixSocketsAreTaken) {
  for (const char* text : {"127.0.0.1:7117", "[::1]:0", "unix:/run/sluice.sock"}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address) << text << ": " << address.error().to_string();
    EXPECT_EQ(address->text(), text);
  }
  EXPECT_EQ(parse_listen_address("localhost:80")->host, "127.0.0.1");
}

TEST(ListenAddress, AnyOtherAddressIsRefused) {
  for (const char* text :
       {"", ":80", "0.0.0.0:80", "[::]:80", "192.168.1.2:80", "example.com:80", "127.0.0.1",
        "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:-1", "127.0.0.1:80x", "[::1:80", "::1:80",
        "unix:", "127.0.0.2:80", "localhost.example.com:80"}) {
    const auto address = parse_listen_address(text);
    ASSERT_FALSE(address) << text;
    EXPECT_EQ(address.error().code, ErrorCode::invalid_value) << text;
  }
  EXPECT_FALSE(parse_listen_address("unix:/" + std::string(107, 'x')));
}

TEST(LoopbackHost, OnlyNamesOfThisMachinePass) {
  for (const char* host : {"localhost", "localhost:7117", "127.0.0.1:1", "[::1]:80", "[::1]"}) {
    EXPECT_TRUE(is_loopback_host(host)) << host;
  }
  for (const char* host : {"", "example.com", "localhost.example.com", "127.0.0.1.example.com:80",
                           "localhost:x", "127.0.0.1:80@example.com", "[::1].example.com"}) {
    EXPECT_FALSE(is_loopback_host(host)) << host;
  }
}

}  // namespace
}  // namespace sluice
