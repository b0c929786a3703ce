// Cases of the regular join: cases/regular_join. And chance: against a join of the folded inputs.
#include "operators/regular_join.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "expr/function_registry.hpp"
#include "support/golden_cases.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/join_residual.hpp"
#include "unit/operators/operator_script.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

constexpr const char* side_schema = "k text, ts timestamptz, v int";
constexpr const char* output_schema =
    "k text, ts timestamptz, v int, r_k text, r_ts timestamptz, r_v int";

RegularJoinSettings settings_of(const OperatorScript& script, const FunctionRegistry& functions) {
  RegularJoinSettings settings;
  settings.policy.step = "pairs";
  settings.left = {schema_of(side_schema), {0}};
  settings.right = {schema_of(side_schema), {0}};
  settings.output = schema_of(output_schema);
  settings.left_outer = script.has("left_outer");
  settings.residual = residual_of(script, functions);
  settings.ttl_us = script.duration("ttl");
  return settings;
}

TEST(RegularJoin, RegularJoin_GivesWhatTheCasesSay) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  check_golden_folder("tests/unit/operators/cases/regular_join", [&](const std::string& text) {
    const OperatorScript script(text);
    const HarnessPort port{schema_of(side_schema), {0}};
    OperatorHarness harness(make_regular_join(settings_of(script, functions)), {port, port});
    return script.run(harness, {"left", "right"});
  });
}

// The rows of both inputs and what they are joined to, as multisets of texts.
class FoldedJoin {
 public:
  explicit FoldedJoin(bool left_outer) : left_outer_(left_outer) {}

  void change(size_t input, const std::string& key, const std::string& row, int64_t copies) {
    auto& rows = sides_[input][key];
    rows[row] += copies;
    if (rows[row] == 0) rows.erase(row);
  }
  std::vector<std::string> rows() const {
    std::vector<std::string> joined;
    for (const auto& [key, left_rows] : sides_[0]) {
      const auto partners = sides_[1].find(key);
      const bool has_any =
          key != "NULL" && partners != sides_[1].end() && !partners->second.empty();
      for (const auto& [left, copies] : left_rows) {
        for (int64_t copy = 0; copy < copies; ++copy) {
          if (!has_any && left_outer_) joined.push_back(left + "|NULL|NULL|NULL");
          if (has_any) add_pairs(left, partners->second, joined);
        }
      }
    }
    std::sort(joined.begin(), joined.end());
    return joined;
  }

 private:
  static void add_pairs(const std::string& left, const std::map<std::string, int64_t>& partners,
                        std::vector<std::string>& joined) {
    for (const auto& [right, copies] : partners) {
      joined.insert(joined.end(), static_cast<size_t>(copies), left + "|" + right);
    }
  }

  bool left_outer_;
  std::map<std::string, std::map<std::string, int64_t>> sides_[2];
};

class RegularJoinByChance : public testing::TestWithParam<bool> {};

TEST_P(RegularJoinByChance, RegularJoin_IsTheJoinOfWhatIsThere) {
  const bool left_outer = GetParam();
  const unsigned seed = 20261130;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  FunctionRegistry functions;
  OperatorScript script(left_outer ? "set left_outer yes" : "");
  const HarnessPort port{schema_of(side_schema), {0}};
  OperatorHarness harness(make_regular_join(settings_of(script, functions)), {port, port});
  FoldedJoin expected(left_outer);
  std::vector<std::string> present[2];
  for (int step = 0; step < 400; ++step) {
    const size_t input = random() % 2;
    std::string lines;
    for (size_t rows = 1 + random() % 4; rows > 0; --rows) {
      const bool takes_back = !present[input].empty() && random() % 3 == 0;
      const std::string keys[] = {"a", "b", "c", "NULL"};
      std::string row = keys[random() % 4] + " | 00:10 | " + std::to_string(random() % 3);
      if (takes_back) {
        const size_t place = random() % present[input].size();
        row = present[input][place];
        present[input].erase(present[input].begin() + static_cast<ptrdiff_t>(place));
      } else {
        present[input].push_back(row);
      }
      lines += (takes_back ? "-D " : "+I ") + row + "\n";
      const std::string text = row_texts(read_rows(schema_of(side_schema), row)).front().substr(3);
      expected.change(input, row.substr(0, row.find(' ')), text, takes_back ? -1 : 1);
    }
    harness.rows(lines, input);
    if (random() % 5 == 0) harness.barrier();
  }
  EXPECT_EQ(harness.run().folded, expected.rows());
}

INSTANTIATE_TEST_SUITE_P(Kinds, RegularJoinByChance, testing::Bool(),
                         [](const auto& tested) { return tested.param ? "left" : "inner"; });

// One row may have very many partners.
TEST(RegularJoin, RegularJoin_SendsVeryManyPartnersInParts) {
  FunctionRegistry functions;
  const auto description = make_regular_join(settings_of(OperatorScript(""), functions));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  constexpr size_t partners = 20'000;
  std::string rows;
  for (size_t i = 0; i < partners; ++i) rows += "a | 00:10 | " + std::to_string(i) + "\n";
  ASSERT_TRUE(instance.process(1, read_rows(schema_of(side_schema), rows)));
  ASSERT_TRUE(instance.process(0, read_rows(schema_of(side_schema), "a | 00:10 | 1")));
  EXPECT_EQ(instance.changes.size(), partners);
}

TEST(RegularJoin, RegularJoin_RefusesMalformedState) {
  FunctionRegistry functions;
  const auto description = make_regular_join(settings_of(OperatorScript(""), functions));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  const std::string value(24, '\1');
  const std::string key("\1kr", 3);
  ASSERT_TRUE(instance.restore_entry({0, KeyGroup(0), key, value}));
  for (const StateEntry& entry :
       {StateEntry{0, KeyGroup(0), "\x05k", value}, StateEntry{1, KeyGroup(0), key, "short"},
        StateEntry{1, KeyGroup(0), key, std::string_view("\0", 1)},
        StateEntry{2, KeyGroup(0), key, value}}) {
    EXPECT_EQ(instance.restore_entry(entry).error().code, ErrorCode::state_corrupt);
  }
}

}  // namespace
}  // namespace sluice
