#include "testing/test_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "env/filesystem.hpp"
#include "pipeline/connector_catalogue.hpp"
#include "testing/test_connector.hpp"

namespace sluice {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* pipeline = R"yaml(version: 1
pipeline: shop
settings: {timezone: UTC}
connections: {t: {type: test}}
sources:
  sale:
    test: {connection: t}
    format: json
    columns: {id: text, amount: "numeric(10,2)", at: timestamptz}
    event_time: {column: at, out_of_order: 0s}
  state:
    test: {connection: t}
    format: canal_json
    changelog: {key: [id], ops: all, duplicates: drop}
    columns: {id: text, status: text}
steps:
  big: {sql: "SELECT id, amount, at FROM sale WHERE amount > 1"}
  per_minute:
    sql: |
      SELECT window_start, count(*) AS n, sum(amount) AS total
      FROM TUMBLE(big, at, INTERVAL '1 minute') GROUP BY window_start
    late: {accept: 0s}
  by_status: {sql: "SELECT status, count(*) AS n FROM state GROUP BY status"}
sinks:
  minutes: {from: per_minute, test: {connection: t}, mode: append}
  statuses: {from: by_status, test: {connection: t}, mode: changelog}
errors: {dead_letter: {test: {connection: t}}}
tests:
)yaml";

class TestRunner_ : public testing::Test {
 protected:
  // Each outcome in both modes, which must agree.
  std::vector<std::string> run(const std::string& test) {
    EXPECT_TRUE(load(test));
    std::vector<std::string> plain = failures_of(TestMode::plain);
    EXPECT_EQ(failures_of(TestMode::crash_at_barriers), plain) << test;
    return plain;
  }

  bool load(const std::string& test) {
    TestWorld world;
    Registry registry;
    registry.connectors().add(make_test_connector(world));
    const ConnectorCatalogue catalogue = make_catalogue(registry);
    const auto filesystem = make_posix_filesystem();
    const LoadRequest request{&catalogue, filesystem.get(), {}, false};
    Diagnostics diagnostics;
    loaded_ = load_pipeline_text("shop.yaml", pipeline + test, request, diagnostics);
    for (const Diagnostic& problem : diagnostics.sorted()) ADD_FAILURE() << problem.message;
    return !diagnostics.has_errors();
  }

  std::vector<std::string> failures_of(TestMode mode) {
    Diagnostics diagnostics;
    const TestOutcome outcome = run_test(loaded_, loaded_.spec.tests.at(0), mode, diagnostics);
    std::vector<std::string> texts;
    for (const Diagnostic& problem : diagnostics.sorted()) texts.push_back(problem.message);
    for (const TestFailure& failure : outcome.failures) texts.push_back(text_of(failure));
    return texts;
  }

  static std::string text_of(const TestFailure& failure) {
    std::string text = std::to_string(failure.location.line - first_line) + " " + failure.relation +
                       " " + failure.message;
    for (const ColumnDifference& difference : failure.differences)
      text += " " + difference.column + "=" + difference.expected + "/" + difference.actual;
    return text;
  }

  static constexpr uint32_t first_line = 28;  // of the pipeline's text above: `tests:`
  LoadedPipeline loaded_;
};

TEST_F(TestRunner_, PassesWhenTheClosedWindowIsAsExpected) {
  EXPECT_THAT(run(R"(
  - name: one minute
    given:
      sale:
        - {id: a, amount: "10.00", at: "2024-01-01T00:00:05Z"}
        - {id: b, amount: 0.50, at: "2024-01-01T00:00:06Z"}
        - {id: c, amount: "5.5", at: "2024-01-01T00:01:06Z"}
    advance_watermark: "2024-01-01T00:01:30Z"
    expect:
      minutes: [{window_start: "2024-01-01T00:00:00Z", n: 1, total: "10.0"}]
      big:
        - {id: c, amount: "5.50", at: "2024-01-01T01:01:06+01:00"}
        - {id: a}
      dead_letter: []
)"),
              ElementsAre());
}

TEST_F(TestRunner_, TheWatermarkStaysWhereTheRowsLeftIt) {
  EXPECT_THAT(run(R"(
  - name: open
    given: {sale: [{id: a, amount: 2, at: "2024-01-01T00:00:05Z"}]}
    expect: {minutes: []}
)"),
              ElementsAre());
}

TEST_F(TestRunner_, SaysWhichColumnsDifferAndWhichRowsAreMissingOrTooMany) {
  EXPECT_THAT(run(R"(  - name: wrong
    given: {sale: [{id: a, amount: 2, at: "2024-01-01T00:00:05Z"}]}
    advance_watermark: "2024-01-01T00:05:00Z"
    expect:
      minutes:
        - {window_start: "2024-01-01T00:00:00Z", n: 2, total: 2}
        - {n: 7}
      big: []
)"),
              ElementsAre("6 minutes a row differs n=2/1", "7 minutes a row is missing",
                          "8 big a row too many"));
}

TEST_F(TestRunner_, UpdatesAndDeletesAreFolded) {
  EXPECT_THAT(run(R"(
  - name: statuses
    given:
      state:
        - {id: a, status: new}
        - {id: b, status: new}
        - {op: +U, id: a, status: paid}
        - {op: -D, id: b, status: new}
    expect: {statuses: [{status: paid, n: 1}], by_status: [{status: paid, n: 1}]}
)"),
              ElementsAre());
}

TEST_F(TestRunner_, BadAndLateRowsAreDeadLetters) {
  EXPECT_THAT(run(R"(
  - name: dead
    given:
      sale:
        - {id: a, amount: ten, at: "2024-01-01T00:00:05Z"}
        - {id: b, amount: 2, at: "2024-01-01T00:02:00Z"}
        - {id: c, amount: 2, at: "2024-01-01T00:00:59Z"}
    advance_watermark: "2024-01-01T00:03:00Z"
    expect:
      minutes: [{n: 1}]
      dead_letter: [{step: sale, code: E3002}, {step: per_minute, code: E3301}]
)"),
              ElementsAre());
}

TEST_F(TestRunner_, AValueThatCannotBeReadIsNamed) {
  EXPECT_THAT(run(R"(
  - name: bad
    given: {sale: []}
    expect: {big: [{amount: ten}, {colour: red}]}
)"),
              ElementsAre(HasSubstr("amount: invalid input syntax"),
                          HasSubstr("\"colour\" is not a column")));
}

TEST_F(TestRunner_, AnOperationOfARowThatIsOnlyInsertedIsRefused) {
  EXPECT_THAT(run(R"(
  - name: bad
    given: {sale: [{op: -D, id: a, at: "2024-01-01T00:00:05Z"}]}
    expect: {big: []}
)"),
              ElementsAre("rows of source sale are only inserted"));
}

}  // namespace
}  // namespace sluice
