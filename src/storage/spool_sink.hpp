// SpoolSink: one sink of a target, as spools carry it: what any later version needs to publish its
// operations and to name it in messages and dead letters. Plain values.
#pragma once

#include <string>

namespace sluice {

struct SpoolSink {
  std::string name;                 // of the sink in the file
  std::string definition;           // SinkDescription::definition()
  bool takes_dead_letters = false;  // what this sink refuses at publish stops the pipeline
};

}  // namespace sluice
