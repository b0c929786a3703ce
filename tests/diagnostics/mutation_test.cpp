#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "diagnostics/validate_text.hpp"

namespace sluice {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> corpus_texts() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(CORPUS_FOLDER)) {
    if (entry.path().filename() == "pipeline.yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  paths.emplace_back(TRADE_FILE);
  std::vector<std::string> texts;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return texts;
}

// Begins with a place in the file and a code of the file or its SQL.
bool is_coded(const std::string& answer) {
  const std::string line = answer.substr(0, answer.find('\n'));
  const auto has = [&line](const char* text) { return line.find(text) != std::string::npos; };
  return line.starts_with("pipeline.yaml") &&
         (has("  error E1") || has("  error E2") || has("  warning E1") || has("  warning E2"));
}

// Cuts, doubles and overwrites pieces, with what YAML gives a meaning to above all.
class Mutator {
 public:
  explicit Mutator(uint32_t seed) : random_(seed) {}

  std::string mutate(std::string text) {
    for (size_t change = 0; change <= below(4) && !text.empty(); ++change) change_once(text);
    return text;
  }
  size_t below(size_t bound) {
    return std::uniform_int_distribution<size_t>(0, bound - 1)(random_);
  }

 private:
  void change_once(std::string& text) {
    static const std::vector<std::string> pieces = {
        "{",  "}",     "[",     "]",      ":",   ": ",  "-",       "- ", "\n",           "\n  ",
        "\t", "\"",    "'",     "|",      ">",   "|2-", "&a",      "*a", "<<: ",         "? ",
        "!!", "#",     "%",     "${env:", "${",  "}",   "\\u4e2d", "\\", "\xE4\xB8\xAD", "\xFF",
        "\r", "---\n", "...\n", "~",      "017", "no",  ",",       "''", "\xEF\xBB\xBF", "\x04"};
    const size_t at = below(text.size());
    const size_t size = std::min(below(12) + 1, text.size() - at);
    switch (below(4)) {
      case 0:
        text.erase(at, size);
        break;
      case 1:
        text.insert(below(text.size()), text.substr(at, size));
        break;
      case 2:
        text.resize(at);
        break;
      default:
        text.insert(at, pieces[below(pieces.size())]);
    }
  }

  std::mt19937 random_;
};

TEST(Mutation, Validate_AnswersEveryDamagedFileWithPlacesInsideIt) {
  const char* given = std::getenv("SLUICE_SEED");
  const auto seed = given != nullptr ? static_cast<uint32_t>(std::stoul(given)) : 20260101U;
  SCOPED_TRACE("SLUICE_SEED=" + std::to_string(seed));
  const std::vector<std::string> texts = corpus_texts();
  Mutator mutator(seed);

  size_t refused = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string text = mutator.mutate(texts[mutator.below(texts.size())]);
    const std::string answer = validate_text("/no/such/folder", text);
    refused += answer.empty() ? 0 : 1;
    ASSERT_TRUE(answer.empty() || is_coded(answer)) << answer << "\n" << text;
  }
  EXPECT_GT(refused, 2'000U);
}

}  // namespace
}  // namespace sluice
