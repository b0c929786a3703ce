#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "diagnostics/validate_text.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> corpus() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(CORPUS_FOLDER)) {
    if (entry.is_directory()) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class DiagnosticsTest : public testing::TestWithParam<std::string> {};

// With SLUICE_ACCEPT=1 the diagnostics at hand become the expected ones, to be reviewed in the
// diff.
TEST_P(DiagnosticsTest, Validate_SaysExactlyWhatIsExpected) {
  const fs::path folder = fs::path(CORPUS_FOLDER) / GetParam();

  const std::string actual = validate_text(folder, read_text(folder / "pipeline.yaml"));

  if (const char* accept = std::getenv("SLUICE_ACCEPT"); accept != nullptr && *accept == '1') {
    std::ofstream(folder / "expected.txt", std::ios::binary) << actual;
  }
  EXPECT_EQ(actual, read_text(folder / "expected.txt"));
}

INSTANTIATE_TEST_SUITE_P(Corpus, DiagnosticsTest, testing::ValuesIn(corpus()),
                         [](const auto& name) { return name.param; });

// Offline, only the variables that have no default are worth a word.
TEST(Diagnostics, Validate_FindsNothingWrongInTheTradeFileButAnUnsetVariable) {
  const std::string actual =
      validate_text(fs::path(TRADE_FILE).parent_path(), read_text(TRADE_FILE));

  EXPECT_THAT(actual, testing::HasSubstr("warning E1102 the environment variable PG_HOST is not "
                                         "set: set PG_HOST\n"));
  EXPECT_EQ(std::count(actual.begin(), actual.end(), '\n'), 1) << actual;
}

}  // namespace
}  // namespace sluice
