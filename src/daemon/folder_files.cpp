#include "daemon/folder_files.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace sluice {

namespace {

constexpr std::string_view extension = ".yaml";
constexpr std::string_view other_extension = ".yml";

}  // namespace

Result<PipelineFolder> prepare_folder(const std::string& folder, const PrepareFile& prepare,
                                      Filesystem& filesystem) {
  SLUICE_ASSIGN(const std::vector<std::string> names, filesystem.list(folder));
  PipelineFolder result;
  std::set<std::string> included;
  for (const std::string& name : names) {
    const std::string path = normal_path(folder + "/" + name);
    if (name.ends_with(other_extension)) result.passed_over.push_back(path);
    if (!name.ends_with(extension)) continue;
    Diagnostics diagnostics;
    PrepareResult prepared = prepare(path, diagnostics);
    for (size_t i = 1; i < prepared.files.size(); ++i) {
      included.insert(normal_path(prepared.files[i].name()));
    }
    result.proposals.push_back(make_proposal(path, std::move(prepared), std::move(diagnostics)));
  }
  std::erase_if(result.proposals, [&](const Proposal& proposal) {
    return !proposal.version && included.contains(proposal.file);
  });
  std::erase_if(result.passed_over,
                [&](const std::string& path) { return included.contains(path); });
  return result;
}

std::string passed_over_text(const std::string& path) {
  return path + " is passed over: the pipelines of a folder are its *.yaml";
}

}  // namespace sluice
