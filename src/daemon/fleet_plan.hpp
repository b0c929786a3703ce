// What is to become of each pipeline when other files are wanted than those that run: one pure
// function, for the service's start, each of its reloads, and `validate` of a folder. All files are
// judged together, and against what runs.
//
//   - A pipeline is known by its name: its state folder and its markers are. A renamed one is
//   another
//     one; a file that was renamed is not.
//   - What runs goes before what would like to. A file that is refused takes nothing from the
//   version
//     of it that runs, which goes on and keeps its name and what it writes.
//   - Among those that do not run yet the earlier file goes first.
//   - A pipeline goes only when no file asks for it any more: not because the file that did is
//   wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/proposal.hpp"

namespace sluice {

// A version that runs, or is on its way to.
struct Incumbent {
  std::string file;
  std::shared_ptr<const PipelineVersion> version;
};

struct FleetDecision {
  enum class Kind : uint8_t {
    unchanged,
    added,
    changed,
    removed,
    refused,  // the version is what goes on all the same; null: nothing does
  };

  Kind kind = Kind::unchanged;
  std::string name;  // of the pipeline; of a refused one that does not run: after its file
  std::string file;
  std::shared_ptr<const PipelineVersion> version;  // to run from now on; null: none
  size_t proposal = 0;                             // its index; not of `removed`
};

// Reports errors where the version cannot take over what an earlier one of its name has saved.
using JudgeState = std::function<void(const PipelineVersion& version, Diagnostics& diagnostics)>;

// Proposals that cannot be followed lose their version and get an error; of those that can, the
// warnings of what their neighbours do are added. One decision for each pipeline.
std::vector<FleetDecision> plan_fleet(std::vector<Proposal>& proposals,
                                      const std::vector<Incumbent>& incumbents,
                                      const JudgeState& judge_state);

}  // namespace sluice
