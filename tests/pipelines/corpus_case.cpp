#include "pipelines/corpus_case.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "config/document.hpp"
#include "config/option_spec.hpp"

namespace sluice::test {

namespace {

namespace fs = std::filesystem;

const OptionTable& config_table() {
  static const OptionTable table = {{"parallelism", OptionKind::text_list, true},
                                    {"batch_records", OptionKind::integer},
                                    {"epoch_records", OptionKind::integer},
                                    {"checkpoint_interval", OptionKind::duration}};
  return table;
}

CorpusConfig read_config(const fs::path& path) {
  Diagnostics diagnostics;
  const SourceText text(path.string(), read_text(path.string()));
  const Options options =
      config_table().read(parse_yaml(text, diagnostics), "configuration", diagnostics);
  if (diagnostics.has_errors())
    throw std::runtime_error(path.string() + ": " + diagnostics.sorted().front().message);
  CorpusConfig config{path.stem().string(), {}, {}, {}, {}};
  for (const std::string& slots : options.list("parallelism"))
    config.parallelism.push_back(static_cast<uint32_t>(std::stoul(slots)));
  if (options.has("batch_records")) config.batch_records = options.integer("batch_records");
  if (options.has("epoch_records")) config.epoch_records = options.integer("epoch_records");
  if (options.has("checkpoint_interval"))
    config.checkpoint_interval_us = options.duration_us("checkpoint_interval");
  return config;
}

}  // namespace

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<CorpusCase> corpus_cases(const std::string& from) {
  std::vector<CorpusCase> cases;
  const fs::path root = fs::path(SLUICE_SOURCE_DIR) / from;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.path().filename() != "pipeline.yaml") continue;
    const fs::path folder = entry.path().parent_path();
    cases.push_back({fs::relative(folder, root).string(), folder.string()});
  }
  std::sort(cases.begin(), cases.end(),
            [](const CorpusCase& a, const CorpusCase& b) { return a.name < b.name; });
  return cases;
}

std::vector<CorpusConfig> corpus_configs() {
  std::vector<CorpusConfig> configs;
  const fs::path root = fs::path(SLUICE_SOURCE_DIR) / "tests/configs";
  for (const auto& entry : fs::directory_iterator(root)) configs.push_back(read_config(entry));
  std::sort(configs.begin(), configs.end(),
            [](const CorpusConfig& a, const CorpusConfig& b) { return a.name < b.name; });
  return configs;
}

}  // namespace sluice::test
