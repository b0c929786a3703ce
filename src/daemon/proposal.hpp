// Proposal: what one file of a service's folder asks for: a version of a pipeline that is ready to
// run, or the problems for which there is none. Plain values; a PipelineVersion is immutable and
// shared by whoever compares with it or runs it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "config/document.hpp"
#include "dataflow/sink.hpp"
#include "pipeline/prepare.hpp"

namespace sluice {

// What a pipeline must have for itself, such as an upserted table, and where its file names it.
struct Claim {
  std::string sink;  // of the dead letters: as the plan calls them
  SoleUse use;
  SourceLocation place;
  std::string path;
};

struct PipelineVersion {
  std::string name;
  SourceLocation place;  // of the name
  uint64_t digest = 0;   // equal: the same pipeline; see spec/content_digest.hpp
  std::vector<Claim> claims;
  std::vector<std::string> included;  // paths of the files that are parts of it
  std::shared_ptr<const PreparedPipeline> prepared;
};

struct Proposal {
  std::string file;
  std::vector<SourceText> texts;  // of the file and of those it includes
  std::string name;               // of the pipeline; empty where that could not be read
  std::shared_ptr<const PipelineVersion> version;  // null: refused, see the diagnostics
  Diagnostics diagnostics;
};

Proposal make_proposal(std::string file, PrepareResult prepared, Diagnostics diagnostics);

// "pipelines/trade.yaml" is "trade".
std::string name_of_file(const std::string& path);
// Without what does not matter: pipelines//x/../trade.yaml is pipelines/trade.yaml.
std::string normal_path(const std::string& path);

}  // namespace sluice
