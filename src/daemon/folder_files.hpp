// The pipeline files of a folder: which there are, what became of each, and how their problems are
// told where no terminal shows the file. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/diagnostic.hpp"
#include "env/filesystem.hpp"
#include "env/log.hpp"
#include "pipeline/prepare.hpp"

namespace sluice {

struct FolderFile {
  std::string path;
  PrepareResult prepared;
  Diagnostics diagnostics;
};

struct PipelineFolder {
  std::vector<FolderFile> files;
  std::vector<std::string> passed_over;  // *.yml, which nobody includes
};

// Prepares every *.yaml of the folder, by name. Files that another one includes are parts of that
// one, not pipelines. Of two pipelines that cannot run beside each other the second has an error.
// Error: the folder cannot be listed.
Result<PipelineFolder> prepare_folder(
    const std::string& folder,
    const std::function<PrepareResult(const std::string&, Diagnostics&)>& prepare,
    Filesystem& filesystem);

// What is said of a file that is passed over.
std::string passed_over_text(const std::string& path);
// "pipelines/trade.yaml" is "trade".
std::string name_of_file(const std::string& path);
// The first of the errors, or else of the warnings; empty without either.
struct FirstProblem {
  std::string code;   // E1302
  std::string place;  // pipelines/trade.yaml:7:3
  std::string text;   // pipelines/trade.yaml:7:3 E1302 … (and 2 more)
};
FirstProblem first_problem(const Diagnostics& diagnostics);
// One line for each problem.
void log_problems(const Diagnostics& diagnostics, Log& log);

}  // namespace sluice
