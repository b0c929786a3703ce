#include "unit/pipeline/memory_pipeline.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace sluice::test {

void KeptLog::write(LogLevel, std::string_view message, const std::vector<LogField>& fields) {
  std::string line(message);
  for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + value.text();
  const std::lock_guard lock(mutex_);
  lines_.push_back(std::move(line));
}

bool KeptLog::has(std::string_view part) const {
  const std::lock_guard lock(mutex_);
  return std::any_of(lines_.begin(), lines_.end(),
                     [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

MemoryPipeline::MemoryPipeline(const std::string& body, const std::string& settings)
    : settings_(settings.empty() ? settings : ", " + settings) {
  registry_.connectors().add(make_memory_connector(world));
  edit(body);
}

void MemoryPipeline::edit(const std::string& body) {
  const std::string text = "version: 1\npipeline: tested\nsettings: {timezone: UTC" + settings_ +
                           "}\nconnections: {m: {type: memory}}\n" + body;
  PrepareRequest request;
  request.registry = &registry_;
  request.filesystem = &filesystem;
  Diagnostics diagnostics;
  PrepareResult result = prepare_pipeline_text("tested.yaml", text, request, diagnostics);
  for (const Diagnostic& problem : diagnostics.sorted()) ADD_FAILURE() << problem.message;
  prepared_ = std::move(result.pipeline);
}

std::unique_ptr<Pipeline> MemoryPipeline::make(PipelineSettings settings) {
  settings.state_dir = "state";
  return std::make_unique<Pipeline>(prepared_, settings, environment());
}

std::unique_ptr<Pipeline> MemoryPipeline::start(PipelineSettings settings) {
  auto pipeline = make(std::move(settings));
  pipeline->start();
  return pipeline;
}

}  // namespace sluice::test
