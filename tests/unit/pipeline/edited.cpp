#include "unit/pipeline/edited.hpp"

#include <gtest/gtest.h>

#include "unit/pipeline/stepped_run.hpp"

namespace sluice::test {

namespace {

constexpr uint64_t seed = 5;
constexpr size_t every_column = 0;

}  // namespace

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string sale(const std::string& fields, const std::string& time) {
  return "{" + fields + R"(,"at":"2024-01-01T)" + time + R"(Z"})";
}

Edited::Edited(std::string body, uint32_t slots)
    : body_(std::move(body)),
      slots_(slots),
      pipeline_(body_, "parallelism: " + std::to_string(slots)) {
  pipeline_.world.randomize(seed);
}

Edited& Edited::records(const std::string& stream, const std::vector<std::string>& values) {
  for (const std::string& value : values) pipeline_.world.append(stream, 0, value);
  return *this;
}

Edited& Edited::run() {
  SteppedRun run(pipeline_, seed);
  run.start(slots_);
  run.run_until_quiet();
  run.checkpoint();
  return *this;
}

Edited& Edited::edit(const std::string& from, const std::string& to) {
  body_ = replaced(body_, from, to);
  pipeline_.edit(body_);
  return *this;
}

std::string Edited::refusal() {
  pipeline_.world.finish();
  PipelineSettings settings;
  settings.name_space = "test";
  settings.fail_on_first_error = true;
  const auto pipeline = pipeline_.start(settings);
  const auto failure = pipeline->wait();
  if (failure) return failure->to_string();
  std::string text = "not refused:";
  for (const std::string& row : out(every_column)) text += " " + row;
  return text;
}

std::vector<std::string> Edited::out(size_t key_columns) const {
  return pipeline_.world.folded("out", key_columns);
}

std::vector<std::string> Edited::dead() const {
  return pipeline_.world.folded("dead", every_column);
}

}  // namespace sluice::test
