// What becomes of a saved pipeline under the file as it is now: one pure function, for every start
// and for `validate --state-dir`. All edits are judged together. No I/O; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error_code.hpp"
#include "storage/manifest.hpp"

namespace sluice {

struct PlanEffect {
  enum class Kind : uint8_t {
    kept,           // the state is taken over
    begins,         // a new state, over streams of which nothing has been read
    begins_empty,   // a new state, without what its streams held before
    sent_from_now,  // the sink gets what comes from now on; what came before is not in its place
    start_ignored,  // another `start` than before, and the position is saved
    refused,        // going on would give wrong results
  };
  enum class Subject : uint8_t { state, sink, stream };

  Kind kind = Kind::kept;
  Subject subject = Subject::state;
  std::string name;     // state id, name of the sink, identity of the stream
  std::string message;  // a sentence; with refused: what differs

  bool operator==(const PlanEffect&) const = default;
};

const char* effect_text(PlanEffect::Kind kind);
// Under which a start and `validate --state-dir` tell of it; none where nothing is to be told.
std::optional<ErrorCode> code_of(PlanEffect::Kind kind);
const char* subject_text(PlanEffect::Subject subject);

struct PlanChange {
  const SavedPlan& saved;
  const SavedPlan& present;
  // Of steps that say what they `was`: the former name by the present one.
  const std::map<std::string, std::string>& former_names;
  std::set<std::string> positioned = {};  // streams with a saved position
  std::set<std::string> read = {};        // those of which something has been read
};

// States first, then sinks and streams.
std::vector<PlanEffect> effects_of(const PlanChange& change);

// The same of a decided checkpoint.
std::vector<PlanEffect> effects_on(const Manifest& manifest, const SavedPlan& present,
                                   const std::map<std::string, std::string>& former_names);

// Of states that are saved under the former name of their step alone: the present id by the saved
// one. Once a checkpoint has saved them under the present id, there are none.
std::map<std::string, std::string, std::less<>> renamed_states(
    const SavedPlan& saved, const SavedPlan& present,
    const std::map<std::string, std::string>& former_names);

}  // namespace sluice
