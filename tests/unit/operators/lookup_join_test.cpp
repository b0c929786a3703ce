// Cases of the lookup join: cases/lookup_join. `table KEY = NAME | LEVEL` changes the dimension
// table, `table KEY = gone` removes a key, with `unfit` its row does not fit, `table server = down`
// takes the table away.
#include "operators/lookup_join.hpp"

#include <gtest/gtest.h>

#include "expr/function_registry.hpp"
#include "support/golden_cases.hpp"
#include "support/test_rows.hpp"
#include "unit/operators/fake_lookup.hpp"
#include "unit/operators/operator_script.hpp"

namespace sluice {
namespace {

using namespace test;  // NOLINT: the vocabulary of these tests

// 1 < level, or 1 < 1 / level.
ExpressionPtr residual_of(const OperatorScript& script, const FunctionRegistry& functions) {
  const Type integer{TypeKind::integer};
  const auto infix = [&](const std::string& name, const ExpressionPtr& left,
                         const ExpressionPtr& right) {
    return functions.resolve(FunctionForm::infix, name, {left, right}, {false, false}, 0).value();
  };
  const ExpressionPtr one = literal(Value::of(integer, int32_t{1}));
  const ExpressionPtr level = column_reference(3, integer);
  if (script.has("residual_divides")) return infix("<", one, infix("/", one, level));
  return script.has("residual") ? infix("<", one, level) : nullptr;
}

// id text, k text -> id, k, name, level
LookupJoinSettings settings_of(const OperatorScript& script, std::shared_ptr<FakeTable> table,
                               const FunctionRegistry& functions) {
  LookupJoinSettings settings;
  settings.policy.step = "extended";
  settings.input = schema_of("id text, k text");
  settings.output = schema_of("id text, k text, name text, level int");
  settings.lookup = std::move(table);
  settings.keys = {1};
  settings.columns = {0, 1};
  settings.left_outer = script.setting("join") != "inner";
  if (script.has("ttl")) settings.cache.ttl_us = script.duration("ttl");
  if (script.has("missing_ttl")) settings.cache.missing_ttl_us = script.duration("missing_ttl");
  if (script.has("max_rows")) settings.cache.max_rows = std::stoull(script.setting("max_rows"));
  settings.keeps_rows = script.has("keeps_rows");
  settings.state_key_is_unique = script.setting("keeps_rows") != "counted";
  if (settings.keeps_rows)
    settings.state_key =
        settings.state_key_is_unique ? std::vector<size_t>{0} : std::vector<size_t>{0, 1};
  settings.ttl_us = script.duration("state_ttl");
  settings.residual = residual_of(script, functions);
  return settings;
}

void change(FakeTable& table, const std::string& line) {
  const size_t equals = line.find(" = ");
  ASSERT_TRUE(line.starts_with("table ") && equals != std::string::npos) << line;
  table.change(line.substr(6, equals - 6), line.substr(equals + 3));
}

// Calls are told of cases that run once: the ways of the harness differ in them.
std::string calls_of(const FakeTable& table) {
  std::string text;
  for (const std::string& call : table.calls()) text += "fetched " + call + "\n";
  return text;
}

TEST(LookupJoin, LookupJoin_GivesWhatTheCasesSay) {
  FunctionRegistry functions;
  register_builtin_functions(functions);
  check_golden_folder("tests/unit/operators/cases/lookup_join", [&](const std::string& text) {
    const OperatorScript script(text);
    const auto table = std::make_shared<FakeTable>();
    const LookupJoinSettings settings = settings_of(script, table, functions);
    const std::vector<size_t> hash_keys =
        settings.keeps_rows ? settings.state_key : std::vector<size_t>{1};
    OperatorHarness harness(make_lookup_join(settings), {{settings.input, hash_keys}});
    harness.before_each([&] { table->reset(); });
    const std::string result =
        script.run(harness, {"row"}, [&](const std::string& line) { change(*table, line); });
    return script.runs_once() ? result + calls_of(*table) : result;
  });
}

// Two clocks that part, as when somebody sets the machine's time.
class SetClock final : public Clock {
 public:
  int64_t now_us() const override { return wall_us; }
  int64_t monotonic_us() const override { return passed_us; }
  int64_t wall_us = 1'000'000'000'000;
  int64_t passed_us = 0;
};

TEST(LookupJoin, LookupJoin_RemembersForTheTimeThatPasses) {
  const FunctionRegistry functions;
  const auto table = std::make_shared<FakeTable>();
  const auto settings = settings_of(OperatorScript("set ttl 60s"), table, functions);
  const auto description = make_lookup_join(settings);
  SetClock clock;
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  const auto ask = [&] {
    return instance.process(0, read_rows(settings.input, "1 | a")).has_value();
  };
  table->change("a", "Anna | 1");
  ASSERT_TRUE(ask());
  clock.wall_us += 3'600'000'000;
  clock.passed_us += 59'000'000;
  ASSERT_TRUE(ask());
  EXPECT_EQ(table->calls().size(), 1u) << "the clock was put forward";
  clock.wall_us -= 7'200'000'000;
  clock.passed_us += 1'000'000;
  ASSERT_TRUE(ask());
  EXPECT_EQ(table->calls().size(), 2u) << "the clock was put back";
}

TEST(LookupJoin, LookupJoin_RefusesMalformedState) {
  const FunctionRegistry functions;
  const auto table = std::make_shared<FakeTable>();
  const auto description =
      make_lookup_join(settings_of(OperatorScript("set keeps_rows yes"), table, functions));
  VirtualClock clock(0);
  OperatorInstance instance(*description, {&clock, nullptr, nullptr, nullptr}, TimeZone(), {});
  ASSERT_TRUE(instance.open().has_value());
  for (const char* value : {"", "1234567", "12345678", "12345678\1\1\1\1\1\1\1\1\1\1\1\1\1"}) {
    EXPECT_EQ(instance.restore_entry({0, KeyGroup(0), "a", value}).error().code,
              ErrorCode::state_corrupt);
  }
}

}  // namespace
}  // namespace sluice
