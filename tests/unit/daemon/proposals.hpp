// Proposals without files, for tests of what a fleet makes of them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "daemon/proposal.hpp"

namespace sluice::test {

// A sound one: pipelines/FILE.yaml with pipeline `name`. Equal contents are equal versions.
// `tables` are what it must have for itself.
inline Proposal sound(const std::string& file, const std::string& name, uint64_t content,
                      const std::vector<std::string>& tables = {}) {
  auto version = std::make_shared<PipelineVersion>();
  version->name = name;
  version->digest = content;
  for (const std::string& table : tables)
    version->claims.push_back({"out", {table, "table"}, {}, {}});
  Proposal proposal;
  proposal.file = "pipelines/" + file + ".yaml";
  proposal.name = name;
  proposal.version = std::move(version);
  return proposal;
}

// One with an error; `name` is empty where the file could not be read so far.
inline Proposal broken(const std::string& file, const std::string& name = {}) {
  Proposal proposal;
  proposal.file = "pipelines/" + file + ".yaml";
  proposal.name = name;
  proposal.diagnostics.error(ErrorCode::yaml_syntax, SourceLocation{proposal.file, 1, 1}, "broken");
  return proposal;
}

inline std::vector<Proposal> list_of(std::initializer_list<Proposal> proposals) {
  return {proposals};
}

}  // namespace sluice::test
