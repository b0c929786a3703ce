// What golden pipelines meet outside of their files. Each executable of corpus tests defines both
// functions; they throw when a server fails.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dataflow/connector.hpp"
#include "pipelines/corpus_case.hpp"

namespace sluice::test {

struct CorpusOutside {
  std::vector<std::function<std::unique_ptr<Connector>()>> connectors;  // besides `file`
  std::map<std::string, std::string> variables;                         // for ${env:…}
};

// The folder of the cases, from the project's root.
std::string corpus_root();
// Made anew for each run of a case.
CorpusOutside corpus_outside(const CorpusCase& which);

}  // namespace sluice::test
