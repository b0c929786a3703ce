// Every golden pipeline under every configuration: the same folded rows, the same dead letters, and
// counters that add up.
#include <gtest/gtest.h>

#include <algorithm>

#include "pipelines/corpus_run.hpp"

namespace sluice::test {
namespace {

struct Combination {
  CorpusCase which;
  CorpusConfig config;
};

void PrintTo(const Combination& combination, std::ostream* out) {
  *out << combination.which.name << " under " << combination.config.name;
}

std::vector<Combination> combinations() {
  std::vector<Combination> all;
  for (const CorpusCase& which : corpus_cases(corpus_root())) {
    for (const CorpusConfig& config : corpus_configs()) all.push_back({which, config});
  }
  return all;
}

class Corpus : public testing::TestWithParam<Combination> {};

TEST_P(Corpus, GivesTheExpectedRows) {
  CorpusRun run(GetParam().which, GetParam().config, corpus_outside(GetParam().which));
  ASSERT_EQ(run.run(), "");
  EXPECT_EQ(run.compare(), "");
  EXPECT_EQ(run.stops() + 1, GetParam().config.parallelism.size())
      << "the input is too short to be stopped in the middle";
}

std::string name_of(const testing::TestParamInfo<Combination>& info) {
  std::string name = info.param.which.name + "_" + info.param.config.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Pipelines, Corpus, testing::ValuesIn(combinations()), name_of);

}  // namespace
}  // namespace sluice::test
