// The golden pipelines and the settings they run under, as found in a folder of tests and in
// tests/configs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice::test {

struct CorpusCase {
  std::string name;    // topic/case
  std::string folder;  // with pipeline.yaml, input/ and expected/
};

// One file of tests/configs.
struct CorpusConfig {
  std::string name;
  std::vector<uint32_t> parallelism;  // of one run after the other; all but the last are stopped
  std::optional<size_t> batch_records;
  std::optional<uint64_t> epoch_records;
  std::optional<int64_t> checkpoint_interval_us;
};

// All below a folder of the project.
std::vector<CorpusCase> corpus_cases(const std::string& from);
std::vector<CorpusConfig> corpus_configs();
std::string read_text(const std::string& path);

}  // namespace sluice::test
