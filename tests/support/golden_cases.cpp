#include "support/golden_cases.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace sluice {

namespace {

constexpr std::string_view case_mark = "=== ";
constexpr std::string_view output_mark = "---";

void write_golden_cases(const std::string& path, const std::vector<GoldenCase>& cases) {
  std::ofstream file(path);
  for (const GoldenCase& golden : cases) {
    file << case_mark << golden.name << "\n"
         << golden.input << output_mark << "\n"
         << golden.expected;
  }
}

}  // namespace

std::vector<GoldenCase> read_golden_cases(const std::string& path) {
  std::ifstream file(path);
  std::vector<GoldenCase> cases;
  bool in_output = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(case_mark)) {
      cases.push_back({line.substr(case_mark.size()), "", ""});
      in_output = false;
    } else if (line == output_mark) {
      in_output = true;
    } else if (!cases.empty()) {
      (in_output ? cases.back().expected : cases.back().input) += line + "\n";
    }
  }
  return cases;
}

void check_golden_folder(const std::string& folder,
                         const std::function<std::string(const std::string& input)>& compute) {
  const bool updates = std::getenv("SLUICE_UPDATE_GOLDEN") != nullptr;
  const std::string root = std::string(SLUICE_SOURCE_DIR) + "/" + folder;
  size_t checked = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    const std::string path = entry.path().string();
    auto cases = read_golden_cases(path);
    for (GoldenCase& golden : cases) {
      const std::string actual = compute(golden.input);
      if (!updates) {
        EXPECT_EQ(actual, golden.expected) << path << ": " << golden.name << "\n" << golden.input;
      }
      golden.expected = actual;
      ++checked;
    }
    if (updates) write_golden_cases(path, cases);
  }
  EXPECT_GT(checked, 0u) << "no cases under " << root;
}

}  // namespace sluice
