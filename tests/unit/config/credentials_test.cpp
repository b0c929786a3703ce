#include "config/credentials.hpp"

#include <gtest/gtest.h>

#include "config/document.hpp"

namespace sluice {
namespace {

const OptionTable table = {{"dsn", OptionKind::text, true}, {"password", OptionKind::secret}};

Error refuse(const std::string& connection) {
  Diagnostics diagnostics;
  const Node root =
      parse_yaml(SourceText("p.yaml", "connections: {report: " + connection + "}"), diagnostics);
  const Options options = table.read(root["connections"]["report"], "report", diagnostics);
  return refused_credentials(options, {"dsn", "password"}, "PostgreSQL: no");
}

TEST(Credentials, NameTheFieldsThatTheFileGives) {
  EXPECT_EQ(
      refuse("{dsn: host=a, password: secret}").to_string(),
      "E4002 PostgreSQL: no (correct connections.report.dsn and connections.report.password)");
  EXPECT_EQ(refuse("{dsn: host=a}").to_string(),
            "E4002 PostgreSQL: no (correct connections.report.dsn)");
}

}  // namespace
}  // namespace sluice
