// The pipeline files of a folder: which there are and what each asks for. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "daemon/proposal.hpp"
#include "env/filesystem.hpp"

namespace sluice {

// Reads and plans one pipeline file, values resolved as the caller needs them.
using PrepareFile = std::function<PrepareResult(const std::string& path, Diagnostics&)>;

struct PipelineFolder {
  std::vector<Proposal> proposals;       // by the names of their files
  std::vector<std::string> passed_over;  // *.yml, which nobody includes
};

// Prepares every *.yaml of the folder, by name. Files that another one includes are parts of that
// one, not pipelines. What they are beside each other is not judged: see daemon/fleet_plan.hpp.
// Error: the folder cannot be listed.
Result<PipelineFolder> prepare_folder(const std::string& folder, const PrepareFile& prepare,
                                      Filesystem& filesystem);

// What is said of a file that is passed over.
std::string passed_over_text(const std::string& path);

}  // namespace sluice
