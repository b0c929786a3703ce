#include "pipelines/corpus_run.hpp"

#include <unistd.h>

#include <filesystem>
#include <thread>

#include "connectors/file/file_connector.hpp"
#include "pipelines/folded_lines.hpp"

namespace sluice::test {

namespace {

namespace fs = std::filesystem;

std::string make_folder() {
  std::string pattern = (fs::temp_directory_path() / "sluice_corpus_XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

}  // namespace

CorpusRun::CorpusRun(const CorpusCase& which, const CorpusConfig& config,
                     const CorpusOutside& outside)
    : case_(which),
      config_(config),
      variables_(outside.variables),
      folder_(make_folder()),
      filesystem_(make_posix_filesystem()),
      log_(make_null_log()) {
  registry_.connectors().add(make_file_connector());
  for (const auto& make : outside.connectors) registry_.connectors().add(make());
  registry_.connectors().declare(failpoints_);
  fs::create_directories(folder_ + "/output");
  variables_["INPUT"] = which.folder + "/input";
  variables_["OUTPUT"] = folder_ + "/output";
}

CorpusRun::~CorpusRun() { fs::remove_all(folder_); }

std::unique_ptr<PreparedPipeline> CorpusRun::prepare(uint32_t parallelism,
                                                     std::string& problems) const {
  PrepareRequest request{&registry_, filesystem_.get(), {}, true, parallelism};
  request.variable = [this](const std::string& name) -> std::optional<std::string> {
    const auto found = variables_.find(name);
    return found == variables_.end() ? std::nullopt : std::optional(found->second);
  };
  Diagnostics diagnostics;
  PrepareResult prepared = prepare_pipeline(case_.folder + "/pipeline.yaml", request, diagnostics);
  for (const Diagnostic& problem : diagnostics.sorted())
    problems += std::string(error_code_text(problem.code)) + " " + problem.message + "\n";
  if (!prepared.pipeline) return nullptr;
  SettingsSpec& settings = prepared.pipeline->loaded.spec.settings;
  if (config_.checkpoint_interval_us)
    settings.checkpoint_interval_us = *config_.checkpoint_interval_us;
  return std::move(prepared.pipeline);
}

std::string CorpusRun::run() {
  for (size_t run = 0; run < config_.parallelism.size(); ++run) {
    std::string problems = run_once(run);
    if (!problems.empty()) return "run " + std::to_string(run) + ": " + problems;
  }
  return {};
}

std::string CorpusRun::run_once(size_t run) {
  std::string problems;
  std::shared_ptr<PreparedPipeline> prepared = prepare(config_.parallelism[run], problems);
  if (!prepared) return problems;
  for (const SinkSpec& sink : prepared->spec().sinks)
    sink_keys_[sink.to.options.text("path")] = sink.key;
  const bool is_last = run + 1 == config_.parallelism.size();
  PipelineSettings settings;
  settings.state_dir = folder_ + "/state";
  settings.fail_on_first_error = true;
  if (config_.batch_records) settings.run.limits.batch_records = *config_.batch_records;
  const bool is_limited = config_.epoch_records && (!is_last || config_.parallelism.size() == 1);
  if (is_limited) settings.run.limits.epoch_records = *config_.epoch_records;
  // What is stopped takes no checkpoint before that, so that it stops at the limit.
  if (!is_last) prepared->loaded.spec.settings.checkpoint_interval_us = INT64_MAX / 4;
  Pipeline pipeline(prepared, settings, {&clock_, filesystem_.get(), &failpoints_, log_.get()});
  pipeline.start();
  if (!is_last) {
    wait_for_limit(pipeline);
    pipeline.request_stop();
  }
  if (const auto failure = pipeline.wait()) return failure->to_string();
  if (pipeline.end() == RunEnd::stopped) ++stops_;
  counters_.add(pipeline.counters());
  return {};
}

void CorpusRun::wait_for_limit(const Pipeline& pipeline) const {
  while (true) {
    const PipelineStatus status = pipeline.status();
    const bool has_ended = status.state == PipelineState::finished ||
                           status.state == PipelineState::failed ||
                           status.state == PipelineState::stopped;
    if (has_ended || status.run.records_read >= *config_.epoch_records) return;
    std::this_thread::yield();
  }
}

std::string CorpusRun::compare() const {
  std::string problems;
  for (const auto& entry : fs::directory_iterator(case_.folder + "/expected")) {
    const std::string name = entry.path().filename().string();
    const auto key = sink_keys_.find(name);
    const auto rows =
        fold_lines(read_text(folder_ + "/output/" + name),
                   key == sink_keys_.end() ? std::vector<std::string>{} : key->second);
    const std::string different = compare_lines(read_text(entry.path().string()), rows);
    if (!different.empty()) problems += name + ":\n" + different;
  }
  return problems + counters_.problems();
}

}  // namespace sluice::test
