// The battery's fixture: one world per test, over the servers that all tests of the run share.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "connectors/battery/world.hpp"

namespace sluice::test {

struct BatteryConnector {
  const char* name;
  MakeDriver make_driver;
};
inline void PrintTo(const BatteryConnector& connector, std::ostream* out) {
  *out << connector.name;
}
inline std::string connector_name(const testing::TestParamInfo<BatteryConnector>& info) {
  return info.param.name;
}

class ConnectorBattery : public testing::TestWithParam<BatteryConnector> {
 protected:
  std::vector<std::string> rows(int64_t first, int64_t count, const std::string& v = "x") {
    std::vector<std::string> texts;
    for (int64_t id = first; id < first + count; ++id) texts.push_back(world_.driver().row(id, v));
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  static void expect_published(const Result<PublishOutcome>& outcome) {
    ASSERT_TRUE(outcome.has_value()) << outcome.error().to_string();
    EXPECT_EQ(*outcome, PublishOutcome::published);
  }

  BatteryWorld world_{GetParam().make_driver(shared_servers())};
};

}  // namespace sluice::test
