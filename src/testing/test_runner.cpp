#include "testing/test_runner.hpp"

#include <algorithm>

#include "dataflow/dead_letter.hpp"
#include "pipeline/registry.hpp"
#include "plan/operations/sink.hpp"
#include "testing/given.hpp"
#include "testing/stand_ins.hpp"
#include "testing/test_connector.hpp"
#include "testing/test_run.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

// Of a test that moves no time: 2000-01-01T00:00:00Z.
constexpr int64_t standing_clock_us = 946'684'800'000'000;

class TestRunner {
 public:
  TestRunner(const LoadedPipeline& loaded, const TestSpec& test, TestMode mode,
             Diagnostics& diagnostics)
      : loaded_(loaded), test_(test), mode_(mode), diagnostics_(diagnostics) {
    registry_.connectors().add(make_test_connector(world_));
  }

  TestOutcome run() {
    TestOutcome outcome{test_.name, test_.location, {}, 0};
    if (!prepare()) return outcome;
    const Status ran = drive(outcome);
    if (!ran) {
      outcome.failures.push_back({.location = test_.location,
                                  .message = "the pipeline failed: " + ran.error().to_string()});
      return outcome;
    }
    for (const TestRowsSpec& expected : test_.expect) compare(expected, outcome);
    return outcome;
  }

 private:
  bool prepare() {
    const GivenRows given(loaded_.spec, registry_.formats());
    given.put(test_, world_, diagnostics_);
    LoadedPipeline replaced{.spec = with_stand_ins(loaded_.spec, test_, given, registry_.formats()),
                            .files = loaded_.files};
    if (!diagnostics_.has_errors())
      prepared_ = prepare_loaded(std::move(replaced), registry_, diagnostics_);
    if (prepared_ == nullptr || diagnostics_.has_errors()) return false;
    return read_watermark();
  }

  bool read_watermark() {
    if (!test_.advance_watermark) return true;
    const auto time_us = parse_timestamptz(test_.advance_watermark.text(), prepared_->zone);
    if (time_us) {
      watermark_us_ = *time_us;
      return true;
    }
    diagnostics_.error(ErrorCode::invalid_value, test_.advance_watermark,
                       "advance_watermark: " + time_us.error().message);
    return false;
  }

  Status drive(TestOutcome& outcome) {
    TestRun run(*prepared_, watermark_us_.value_or(standing_clock_us));
    SLUICE_TRY(run.start());
    size_t left = 0;
    for (const auto& [source, records] : world_.records) left += records.size();
    const bool crashes = mode_ == TestMode::crash_at_barriers;
    do {
      const size_t allowed = crashes ? std::min<size_t>(left, 1) : left;
      world_.allowance = allowed;
      SLUICE_TRY(run.run_until_quiet());
      left -= allowed - world_.allowance;
      if (world_.allowance > 0) return fail(ErrorCode::internal, "given rows were not read");
      SLUICE_TRY(pass_barrier(run, crashes, outcome));
    } while (left > 0);
    if (!watermark_us_) return {};
    run.advance_watermark(*watermark_us_);
    SLUICE_TRY(run.run_until_quiet());
    SLUICE_TRY(pass_barrier(run, crashes, outcome));
    // What is restored last must not say anything twice.
    return crashes ? pass_barrier(run, false, outcome) : Status{};
  }

  static Status pass_barrier(TestRun& run, bool crashes, TestOutcome& outcome) {
    SLUICE_TRY(run.checkpoint());
    if (!crashes) return {};
    ++outcome.restarts;
    return run.restart();
  }

  void compare(const TestRowsSpec& expected, TestOutcome& outcome) {
    const bool is_step = loaded_.spec.find_step(expected.relation) != nullptr;
    const std::string sink = is_step ? sink_of_step(expected.relation) : expected.relation;
    SchemaPtr schema = dead_letter_schema();
    Folding folding;
    for (const PlanNode& node : prepared_->plan.nodes) {
      if (node.owner != sink || node.as<PlanSink>() == nullptr) continue;
      schema = node.schema;
      folding = folding_of(node);
    }
    const auto rows = fold_rows(world_.published[sink], schema, folding, prepared_->zone);
    if (!rows) {
      outcome.failures.push_back({.location = expected.location,
                                  .relation = expected.relation,
                                  .message = rows.error().to_string()});
      return;
    }
    for (TestFailure& failure : compare_rows(expected, *schema, *rows, prepared_->zone))
      outcome.failures.push_back(std::move(failure));
  }

  static Folding folding_of(const PlanNode& node) {
    const PlanSink& sink = *node.as<PlanSink>();
    if (sink.mode == SinkMode::upsert) return {Folding::Kind::by_key, sink.key};
    if (sink.mode == SinkMode::append || node.mode.kind == ChangelogMode::Kind::append) return {};
    if (node.mode.kind == ChangelogMode::Kind::upsert)
      return {Folding::Kind::by_key, node.mode.key};
    return {Folding::Kind::by_row, {}};
  }

  const LoadedPipeline& loaded_;
  const TestSpec& test_;
  const TestMode mode_;
  Diagnostics& diagnostics_;
  TestWorld world_;
  Registry registry_;
  std::unique_ptr<PreparedPipeline> prepared_;
  std::optional<int64_t> watermark_us_;
};

}  // namespace

TestOutcome run_test(const LoadedPipeline& loaded, const TestSpec& test, TestMode mode,
                     Diagnostics& diagnostics) {
  return TestRunner(loaded, test, mode, diagnostics).run();
}

}  // namespace sluice
