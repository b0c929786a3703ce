// TaskEnvironment: what every task of a run is given. All is borrowed and outlives the tasks.
// Filled by the names of its fields.
#pragma once

#include <string>

#include "env/counters.hpp"
#include "env/environment.hpp"
#include "memory/memory_pool.hpp"
#include "runtime/read_limits.hpp"

namespace sluice {

class CheckpointCoordinator;
class DeadLetterLimit;
class TaskListener;
class TimeZone;

struct TaskEnvironment {
  Environment environment;
  MemoryPool* memory = nullptr;
  Counters* counters = nullptr;
  const TimeZone* zone = nullptr;
  CheckpointCoordinator* coordinator = nullptr;
  DeadLetterLimit* dead_letter_limit = nullptr;
  TaskListener* listener = nullptr;
  std::string pipeline_id;
  ReadLimits limits = {};
};

}  // namespace sluice
