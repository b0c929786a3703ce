#include "daemon/folder_conflicts.hpp"

#include <map>
#include <string>

#include "dataflow/use_pattern.hpp"
#include "pipeline/meeting_sinks.hpp"

namespace sluice {

namespace {

struct Owner {
  std::string pipeline;
  std::string sink;
};

// What a sink, or the dead letters, must have for themselves, and where the file names it.
struct Use {
  std::string sink;
  SoleUse use;
  Node place;
};

const Options& options_of(const PipelineSpec& spec, const std::string& sink) {
  const SinkSpec* found = spec.find_sink(sink);
  return found != nullptr ? found->to.options : spec.errors.dead_letter->options;
}

std::vector<Use> uses_of(const PreparedPipeline& pipeline) {
  std::vector<Use> uses;
  for (const StreamNode& node : pipeline.graph.nodes) {
    const auto* sink = std::get_if<SinkVertex>(&node.node);
    if (sink == nullptr) continue;
    const auto use = sink->description->sole_use();
    if (!use) continue;
    uses.push_back({node.name, *use, options_of(pipeline.spec(), node.name).node(use->option)});
  }
  return uses;
}

class Conflicts {
 public:
  // Whether the file's pipeline gets along with those before it.
  bool add(FolderFile& file) {
    const PipelineSpec& spec = file.prepared.pipeline->spec();
    if (const auto other = names_.find(spec.name); other != names_.end()) {
      file.diagnostics.error(ErrorCode::duplicate_name, spec.name_location,
                             other->second + " has a pipeline named " + spec.name + " too",
                             "give one of the two another name");
      return false;
    }
    const std::vector<Use> uses = uses_of(*file.prepared.pipeline);
    if (meets_other(uses, file.diagnostics)) return false;
    names_.emplace(spec.name, file.path);
    for (const Use& use : uses) owners_.emplace(use.use.what, Owner{spec.name, use.sink});
    return true;
  }

 private:
  bool meets_other(const std::vector<Use>& uses, Diagnostics& diagnostics) const {
    bool meets = false;
    for (const Use& use : uses) {
      for (const auto& [what, owner] : owners_) {
        const std::string writer = owner.sink + " of pipeline " + owner.pipeline;
        if (what == use.use.what) {
          meets = true;
          diagnostics.error(ErrorCode::duplicate_name, use.place,
                            what + " is written by sink " + writer + " too",
                            "give each pipeline its own, or let one pipeline write it");
        } else if (may_write_the_same(what, use.use.what)) {
          diagnostics.warning(ErrorCode::duplicate_name, use.place,
                              meeting_text(use.use, what, writer), meeting_advice);
        }
      }
    }
    return meets;
  }

  std::map<std::string, std::string> names_;  // of pipelines: their file
  std::map<std::string, Owner> owners_;
};

}  // namespace

void refuse_conflicts(std::vector<FolderFile>& files) {
  Conflicts conflicts;
  for (FolderFile& file : files) {
    if (!file.prepared.pipeline) continue;
    if (!conflicts.add(file)) file.prepared.pipeline.reset();
  }
}

}  // namespace sluice
