#include "daemon/settings.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace sluice {
namespace {

DaemonSettings read(const std::string& text, Diagnostics& diagnostics) {
  return read_daemon_settings(SourceText("sluice.yaml", text), diagnostics);
}

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  read(text, diagnostics);
  std::string found;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    found += std::to_string(diagnostic.location.line) + " " + error_code_text(diagnostic.code) +
             " " + diagnostic.message + "\n";
  }
  return found;
}

std::string annotated_file() {
  std::ifstream file(std::string(SLUICE_SOURCE_DIR) + "/config/sluice.yaml");
  return {std::istreambuf_iterator<char>(file), {}};
}

void expect_equal(const DaemonSettings& left, const DaemonSettings& right) {
  EXPECT_EQ(left.state_dir, right.state_dir);
  EXPECT_EQ(left.name_space, right.name_space);
  EXPECT_EQ(left.listen.text(), right.listen.text());
  EXPECT_EQ(left.stop_timeout_us, right.stop_timeout_us);
  EXPECT_EQ(left.log_level, right.log_level);
  EXPECT_EQ(left.log_format, right.log_format);
}

TEST(DaemonSettings, AnnotatedFileStatesTheDefaults) {
  const std::string text = annotated_file();
  ASSERT_NE(text.find("state_dir:"), std::string::npos);
  EXPECT_EQ(problems(text), "");
  Diagnostics diagnostics;
  expect_equal(read(text, diagnostics), read("", diagnostics));
  EXPECT_FALSE(diagnostics.has_errors());
}

TEST(DaemonSettings, EveryFieldIsRead) {
  Diagnostics diagnostics;
  const DaemonSettings settings = read(
      "state_dir: /var/lib/sluice\nnamespace: shop\nstop_timeout: 5s\n"
      "http: {listen: 'unix:/run/s.sock'}\nlog: {level: warning, format: json}\n",
      diagnostics);
  EXPECT_FALSE(diagnostics.has_errors());
  EXPECT_EQ(settings.state_dir, "/var/lib/sluice");
  EXPECT_EQ(settings.name_space, "shop");
  EXPECT_EQ(settings.stop_timeout_us, 5'000'000);
  EXPECT_TRUE(settings.listen.is_unix);
  EXPECT_EQ(settings.listen.host, "/run/s.sock");
  EXPECT_EQ(settings.log_level, LogLevel::warning);
  EXPECT_EQ(settings.log_format, LogFormat::json);
}

TEST(DaemonSettings, EveryProblemIsReportedWithItsLine) {
  EXPECT_EQ(problems("state_dri: x\nhttp:\n  listen: 0.0.0.0:80\nlog:\n  level: loud\n"),
            "1 E1302 \"state_dri\" is not a field of the daemon's settings\n"
            "3 E1303 \"listen\" \"0.0.0.0:80\" is not a loopback address: any other needs TLS and "
            "a token\n"
            "5 E1303 \"level\" must be one of debug, info, warning, error, not \"loud\"\n");
}

TEST(DaemonSettings, FileThatIsNoMapIsReported) {
  EXPECT_NE(problems("- a\n"), "");
  EXPECT_NE(problems("http: 7117\n"), "");
}

}  // namespace
}  // namespace sluice
