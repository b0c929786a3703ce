#include "env/log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "env/log_rate_limit.hpp"

namespace sluice {
namespace {

// What the log writes to standard error while `act` runs.
template <class Act>
std::string written_by(LogFormat format, LogLevel minimum, Act act) {
  testing::internal::CaptureStderr();
  act(*make_stderr_log(format, minimum));
  return testing::internal::GetCapturedStderr();
}

TEST(Log, JsonLineHasTimeLevelMessageAndFields) {
  const std::string line = written_by(LogFormat::json, LogLevel::info, [](Log& log) {
    log.info("read \"a\"\n%v", {{"topic", "t\\1"}, {"offset", 7}, {"age", 1.5}});
  });
  EXPECT_THAT(line, testing::MatchesRegex(
                        R"(\{"ts":"20[0-9-]+T[0-9:]+\.[0-9]+Z","level":"info",)"
                        R"("msg":"read \\"a\\"\\n%v","topic":"t\\\\1","offset":7,"age":1\.5\}.)"));
}

TEST(Log, TextLineQuotesWhatHasBlanks) {
  const std::string line = written_by(LogFormat::text, LogLevel::info, [](Log& log) {
    log.warning("slow", {{"step", "a b"}, {"empty", ""}, {"n", "1"}});
  });
  EXPECT_THAT(line, testing::MatchesRegex("20.*Z warning slow step=\"a b\" empty=\"\" n=1\n"));
}

TEST(Log, LinesBelowTheMinimumAreDropped) {
  const std::string text = written_by(LogFormat::text, LogLevel::warning, [](Log& log) {
    log.info("quiet");
    log.warning("loud");
  });
  EXPECT_EQ(text.find("quiet"), std::string::npos);
  EXPECT_NE(text.find("loud"), std::string::npos);
}

TEST(Log, ErrorsCarryCodeMessageAndAdvice) {
  const Error error{ErrorCode::fenced, "taken over", Retry::never, "stop the other"};
  const std::string line = written_by(LogFormat::json, LogLevel::info, [&](Log& log) {
    log.error("pipeline stops", error, {{"pipeline", "p"}});
  });
  EXPECT_NE(line.find(R"("level":"error","msg":"pipeline stops","pipeline":"p","code":"E4402",)"
                      R"("error":"taken over","advice":"stop the other")"),
            std::string::npos)
      << line;
}

TEST(Log, ErrorsWithoutAdviceCarryThatOfTheirCode) {
  const Error error{ErrorCode::state_locked, "in use"};
  const std::string line = written_by(LogFormat::json, LogLevel::info,
                                      [&](Log& log) { log.error("pipeline stops", error); });
  EXPECT_NE(line.find(R"("error":"in use","advice":"Stop the process that the message names"})"),
            std::string::npos)
      << line;
}

TEST(Log, ErrorsCarryTheirPlaceInTheDataAsFarAsItIsKnown) {
  Error error{ErrorCode::value_out_of_range, "integer out of range", Retry::never, "mend it"};
  const auto told = [&] {
    return written_by(LogFormat::json, LogLevel::info, [&](Log& log) { log.error("ends", error); });
  };
  error.place = RecordPlace{.step = "s", .topic = "t", .partition = 3, .offset = 7, .row = "{}"};
  EXPECT_NE(told().find(R"("advice":"mend it","step":"s","topic":"t","partition":3,)"
                        R"("offset":7,"row":"{}"})"),
            std::string::npos)
      << told();
  error.place = RecordPlace{.step = "s", .topic = {}, .row = {}};
  EXPECT_NE(told().find(R"("advice":"mend it","step":"s"})"), std::string::npos) << told();
}

TEST(Log, LinesOfOneCodeAreLimitedOthersAreNot) {
  const Error first{ErrorCode::decode_failed, "a"};
  const Error second{ErrorCode::late_row, "b"};
  const std::string text = written_by(LogFormat::json, LogLevel::info, [&](Log& log) {
    for (int i = 0; i < 1000; ++i) log.warning("bad", first);
    log.warning("late", second);
  });
  const auto lines = std::count(text.begin(), text.end(), '\n');
  EXPECT_EQ(lines, LogRateLimit::lines_per_window + 1);
}

TEST(Log, FloodOfOnePipelineHidesNoOther) {
  const Error error{ErrorCode::decode_failed, "a"};
  const std::string text = written_by(LogFormat::json, LogLevel::info, [&](Log& log) {
    const auto noisy = make_pipeline_log(log, "noisy");
    for (int i = 0; i < 1000; ++i) noisy->warning("bad", error);
    make_pipeline_log(log, "other")->warning("bad", error);
  });
  const std::string last = text.substr(text.rfind("{\"ts\""));
  EXPECT_NE(last.find(R"("pipeline":"other")"), std::string::npos) << last;
}

TEST(Log, PipelineLogNamesItsPipelineUnlessTheLineDoes) {
  const std::string text = written_by(LogFormat::text, LogLevel::info, [](Log& log) {
    const auto named = make_pipeline_log(log, "p");
    named->info("a", {{"step", "s"}});
    named->info("b", {{"pipeline", "q"}});
  });
  EXPECT_NE(text.find("a pipeline=p step=s\n"), std::string::npos) << text;
  EXPECT_NE(text.find("b pipeline=q\n"), std::string::npos) << text;
}

TEST(Log, JsonLineIsValidWhateverBytesItTells) {
  const std::string line = written_by(LogFormat::json, LogLevel::info, [](Log& log) {
    log.info("bad \xff byte", {{"payload", std::string("\xc3\x00", 2)}});
  });
  EXPECT_EQ(line.find('\xff'), std::string::npos);
  EXPECT_NE(line.find("bad \xEF\xBF\xBD byte"), std::string::npos) << line;
}

TEST(LogRateLimit, NextWindowTellsHowManyLinesWereDropped) {
  LogRateLimit limit;
  for (uint32_t i = 0; i < LogRateLimit::lines_per_window; ++i) {
    EXPECT_EQ(limit.admit("E3001", 0), 0u);
  }
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limit.admit("E3001", 1), std::nullopt);
  EXPECT_EQ(limit.admit("E3002", 1), 0u);
  EXPECT_EQ(limit.admit("E3001", LogRateLimit::window_us - 1), std::nullopt);
  EXPECT_EQ(limit.admit("E3001", LogRateLimit::window_us), 6u);
  EXPECT_EQ(limit.admit("E3001", LogRateLimit::window_us), 0u);
}

TEST(NullLog, WritesNothing) {
  testing::internal::CaptureStderr();
  make_null_log()->info("x");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace sluice
