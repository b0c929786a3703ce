// SavedPlan: what a pipeline was when a checkpoint was decided, as far as a later file must be
// compared with it. Part of a manifest. Plain values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "data/lineage.hpp"

namespace sluice {

struct SavedState {
  Lineage lineage;
  std::vector<std::string> streams;  // SourceInput::identity of what it has been made from
  bool operator==(const SavedState&) const = default;
};

struct SavedSink {
  std::string from;    // the source or step whose rows it takes
  std::string target;  // name of the connection
  std::string place;   // SinkDescription::place()
  std::vector<std::string> key;
  Lineage lineage;
  std::vector<std::string> streams;
  bool operator==(const SavedSink&) const = default;
};

struct SavedPlan {
  std::map<std::string, SavedState> states;   // by state id
  std::map<std::string, SavedSink> sinks;     // by name; without that of the dead letters
  std::map<std::string, std::string> starts;  // SourceDescription::start() by stream
  bool operator==(const SavedPlan&) const = default;
};

}  // namespace sluice
