// CoordinatorHarness: a coordinator over a fake filesystem and fake targets, driven epoch by epoch
// as a run would, with publishing on the caller's thread unless told otherwise.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/checkpoint_coordinator.hpp"
#include "support/fake_filesystem.hpp"
#include "support/fake_target.hpp"

namespace sluice::test {

std::string framed(const std::vector<std::string>& operations);

// A state whose lineage is this call.
SavedState state_of(const std::string& call);

class CoordinatorHarness {
 public:
  explicit CoordinatorHarness(const std::vector<std::string>& target_names = {"one", "two"});

  Result<std::unique_ptr<CheckpointCoordinator>> try_open();
  // Asserts that it opens.
  std::unique_ptr<CheckpointCoordinator> open();
  // Spools `operations` for the running epoch to a target's only sink.
  static Status spool(CheckpointCoordinator& coordinator, size_t target,
                      const std::vector<std::string>& operations);
  // A whole checkpoint whose offset is `offset` and whose state is one entry of it.
  static Status checkpoint(CheckpointCoordinator& coordinator, int64_t offset,
                           const std::string& source = "kafka orders");
  static SavedProgress progress_at(int64_t offset, const std::string& source = "kafka orders");
  // The bytes of the target's rows in order.
  std::vector<std::string> shown(const std::string& target) const;
  FakeTarget& target(const std::string& name) { return *systems.at(name); }

  FakeFilesystem files;
  Filesystem* filesystem = &files;
  VirtualClock clock{1'700'000'000'000'000};
  Failpoints failpoints;
  std::unique_ptr<Log> log = make_null_log();
  Counters counters;
  MemoryPool memory{256u << 20};
  CheckpointSettings settings;
  std::vector<CheckpointTarget> targets;
  std::map<std::string, std::unique_ptr<FakeTarget>> systems;

  Environment environment() { return {&clock, filesystem, &failpoints, log.get()}; }
};

}  // namespace sluice::test
