// CorpusRun: one golden pipeline under one configuration, through the whole engine, in a folder of
// its own that it deletes. One thread drives it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "pipeline/pipeline.hpp"
#include "pipelines/corpus_case.hpp"
#include "pipelines/corpus_outside.hpp"
#include "pipelines/counter_sheet.hpp"

namespace sluice::test {

class CorpusRun {
 public:
  CorpusRun(const CorpusCase& which, const CorpusConfig& config, const CorpusOutside& outside);
  ~CorpusRun();

  // To the end. What went wrong; empty: nothing.
  std::string run();
  // Every sink and the dead letters against expected/, and the counters against each other.
  std::string compare() const;
  // How often it was stopped before the end.
  size_t stops() const { return stops_; }

 private:
  std::unique_ptr<PreparedPipeline> prepare(uint32_t parallelism, std::string& problems) const;
  std::string run_once(size_t run);
  // Until this run has read what it may, or the pipeline has ended.
  void wait_for_limit(const Pipeline& pipeline) const;

  const CorpusCase& case_;
  const CorpusConfig& config_;
  std::map<std::string, std::string> variables_;  // for ${env:…}
  std::string folder_;
  SystemClock clock_;
  Failpoints failpoints_;
  std::unique_ptr<Filesystem> filesystem_;
  std::unique_ptr<Log> log_;
  Registry registry_;
  CounterSheet counters_;
  std::map<std::string, std::vector<std::string>> sink_keys_;  // by file
  size_t stops_ = 0;
};

}  // namespace sluice::test
