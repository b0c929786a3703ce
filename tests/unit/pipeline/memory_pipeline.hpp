// MemoryPipeline: a pipeline file over a MemoryWorld, prepared, with the environment that its runs
// need: a virtual clock, files in memory. Owned by a test, one thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "env/clock.hpp"
#include "pipeline/pipeline.hpp"
#include "support/fake_filesystem.hpp"
#include "support/memory_world.hpp"

namespace sluice::test {

// Keeps what was logged, each line as "message name=value …". Thread-safe.
class KeptLog final : public Log {
 public:
  void write(LogLevel level, std::string_view message,
             const std::vector<LogField>& fields) override;
  bool has(std::string_view part) const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

// A record of columns id and k.
inline std::string event(const std::string& id, const std::string& k = "x") {
  return R"({"id":")" + id + R"(","k":")" + k + R"("})";
}

// Such records of the stream `event`, each with what the lookup `dim` says of its k, to `out`.
inline constexpr const char* looking_up = R"yaml(
sources:
  event:
    memory: {connection: m, stream: event}
    format: json
    columns: {id: text, k: text}
lookups: {dim: {memory: {connection: m, table: dim, key: [k]}, columns: {v: text}}}
steps: {all: {sql: "SELECT e.id, d.v FROM event e LEFT JOIN lookup('dim', e.k) d ON true"}}
sinks: {out: {from: all, memory: {connection: m, table: out}, mode: append}}
errors: {dead_letter: {memory: {connection: m, table: dead}}}
)yaml";

class MemoryPipeline {
 public:
  // `body`: the file from `sources:` on; sinks name the connection `m`. Problems fail the test.
  explicit MemoryPipeline(const std::string& body, const std::string& settings = "");

  // Another version of the file, for the runs that follow; none may go on.
  void edit(const std::string& body);
  const std::shared_ptr<const PreparedPipeline>& prepared() const { return prepared_; }
  Environment environment() { return {&clock, &filesystem, &failpoints, &log}; }
  // A pipeline whose state lives in `filesystem`, so that the next one goes on from it.
  std::unique_ptr<Pipeline> make(PipelineSettings settings = {});
  // The same, and started.
  std::unique_ptr<Pipeline> start(PipelineSettings settings = {});

  MemoryWorld world;
  VirtualClock clock{1'704'067'200'000'000};  // 2024-01-01
  FakeFilesystem filesystem;
  Failpoints failpoints;
  KeptLog log;

 private:
  const std::string settings_;
  Registry registry_;
  std::shared_ptr<const PreparedPipeline> prepared_;
};

}  // namespace sluice::test
