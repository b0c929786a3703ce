#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {

std::string framed(const std::vector<std::string>& operations) {
  std::string bytes;
  for (const std::string& operation : operations) {
    const size_t size = operation.size();
    for (int byte = 0; byte < 4; ++byte) bytes.push_back(static_cast<char>(size >> (8 * byte)));
    bytes += operation;
  }
  return bytes;
}

SavedState state_of(const std::string& call) {
  const std::vector<LineageFact> facts = {{"call", call}};
  return {{facts, fingerprint_of(facts)}, {}};
}

CoordinatorHarness::CoordinatorHarness(const std::vector<std::string>& target_names) {
  settings.folder = "state/main.trade";
  settings.pipeline_id = "main.trade";
  settings.plan.states["step/count"] = state_of("v1");
  settings.publish_in_background = false;
  for (const std::string& name : target_names) {
    systems[name] = std::make_unique<FakeTarget>("system-" + name);
    FakeTarget* const system = systems[name].get();
    targets.push_back({name,
                       [system](const PublisherIds& ids) { return system->connect(ids); },
                       {{"sink_" + name, "definition of " + name, false}}});
  }
}

Result<std::unique_ptr<CheckpointCoordinator>> CoordinatorHarness::try_open() {
  return CheckpointCoordinator::open(settings, targets, environment(), counters, memory);
}

std::unique_ptr<CheckpointCoordinator> CoordinatorHarness::open() {
  auto coordinator = try_open();
  if (!coordinator) {
    ADD_FAILURE() << coordinator.error().to_string();
    return nullptr;
  }
  return std::move(*coordinator);
}

Status CoordinatorHarness::spool(CheckpointCoordinator& coordinator, size_t target,
                                 const std::vector<std::string>& operations) {
  return coordinator.spool(target, 0, coordinator.current_epoch(), framed(operations),
                           operations.size());
}

SavedProgress CoordinatorHarness::progress_at(int64_t offset, const std::string& source) {
  SavedProgress progress;
  SavedSplit& split = progress.splits.emplace_back();
  split.source = source;
  split.split = {"orders", 0};
  split.position = {offset, 1000 + offset, static_cast<uint64_t>(offset) * 7919};
  split.clocks["orders"] = {offset * 10, false};
  progress.issued_watermarks["orders"] = offset * 10;
  return progress;
}

Status CoordinatorHarness::checkpoint(CheckpointCoordinator& coordinator, int64_t offset,
                                      const std::string& source) {
  const Epoch epoch = coordinator.current_epoch();
  SLUICE_TRY(coordinator.begin());
  MemoryPool snapshots(UINT64_MAX);
  TaskPart part{epoch, StateBuffer(coordinator.next_snapshot_kind(), snapshots), {}};
  part.state.begin_node("step/count");
  part.state.put(0, KeyGroup(3), "offset", std::to_string(offset));
  SLUICE_TRY(part.state.finish());
  std::vector<TaskPart> parts;
  parts.push_back(std::move(part));
  return coordinator.complete(std::move(parts), progress_at(offset, source), false);
}

std::vector<std::string> CoordinatorHarness::shown(const std::string& target) const {
  std::vector<std::string> bytes;
  for (const FakeTarget::Row& row : systems.at(target)->rows()) bytes.push_back(row.bytes);
  return bytes;
}

}  // namespace sluice::test
