// sluice_ysb_memory: runs a pipeline file over events in memory, once, through pipeline/Pipeline as
// `sluice run` does, and prints one JSON object of what it took. The events are made before the
// measurement; the recomputation runs after it.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "connectors/file/file_connector.hpp"
#include "pipeline/pipeline.hpp"
#include "ysb/campaign_counts.hpp"
#include "ysb/memory_connector.hpp"

namespace sluice::ysb {

namespace {

struct Arguments {
  std::string file;
  std::string state_dir;
  std::string expected;
  uint64_t events = 5'000'000;
  uint64_t seed = 1;
};

struct Usage {
  int64_t wall_us;
  int64_t cpu_us;  // of all threads
};

Usage usage(const Clock& clock) {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto us = [](const timeval& time) { return time.tv_sec * 1'000'000 + time.tv_usec; };
  return {clock.monotonic_us(), us(used.ru_utime) + us(used.ru_stime)};
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::shared_ptr<const PreparedPipeline> prepare(const std::string& file, const Registry& registry,
                                                Filesystem& filesystem) {
  Diagnostics diagnostics;
  PrepareResult prepared =
      prepare_pipeline(file, {&registry, &filesystem, variable, true}, diagnostics);
  for (const Diagnostic& problem : diagnostics.sorted()) {
    std::fprintf(stderr, "%s:%d: %s\n", file.c_str(), static_cast<int>(problem.location.line),
                 problem.message.c_str());
  }
  return std::move(prepared.pipeline);
}

bool write_expected(const EventLog& log, const std::string& path) {
  CampaignCounts counts(log.ads);
  for (const Partition& partition : log.partitions) {
    for (size_t i = 0; i < partition.size(); ++i) {
      if (!counts.add(partition.document(i))) return false;
    }
  }
  return counts.write(path);
}

int run(const Arguments& arguments) {
  const std::shared_ptr<const EventLog> log = make_event_log(arguments.seed, arguments.events);
  Registry registry;
  registry.connectors().add(make_memory_connector(log));
  registry.connectors().add(make_file_connector());
  SystemClock clock;
  Failpoints failpoints;
  registry.connectors().declare(failpoints);
  const auto filesystem = make_posix_filesystem();
  const auto stderr_log = make_stderr_log(LogFormat::text, LogLevel::warning);
  const auto prepared = prepare(arguments.file, registry, *filesystem);
  if (!prepared) return 2;

  PipelineSettings settings;
  settings.state_dir = arguments.state_dir;
  settings.fail_on_first_error = true;
  Pipeline pipeline(prepared, settings, {&clock, filesystem.get(), &failpoints, stderr_log.get()});
  const Usage before = usage(clock);
  pipeline.start();
  const std::optional<Error> failure = pipeline.wait();
  const Usage after = usage(clock);
  if (failure) {
    std::fprintf(stderr, "%s\n", failure->to_string().c_str());
    return 1;
  }
  if (!write_expected(*log, arguments.expected)) {
    std::fprintf(stderr, "the recomputation failed\n");
    return 1;
  }
  const nlohmann::json figures = {
      {"events", arguments.events},
      {"bytes", log->bytes()},
      {"wall_s", static_cast<double>(after.wall_us - before.wall_us) / 1e6},
      {"cpu_s", static_cast<double>(after.cpu_us - before.cpu_us) / 1e6},
      {"checkpoints", pipeline.status().run.checkpoints_completed}};
  std::printf("%s\n", figures.dump().c_str());
  return 0;
}

int run_main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app{"Runs a pipeline over generated events in memory"};
  app.add_option("file", arguments.file, "pipeline file")->required();
  app.add_option("--state-dir", arguments.state_dir, "folder for checkpoints")->required();
  app.add_option("--expected", arguments.expected, "where the recomputation goes")->required();
  app.add_option("--events", arguments.events, "how many")->capture_default_str();
  app.add_option("--seed", arguments.seed, "of the events")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return run(arguments);
}

}  // namespace

}  // namespace sluice::ysb

int main(int argc, char** argv) { return sluice::ysb::run_main(argc, argv); }
