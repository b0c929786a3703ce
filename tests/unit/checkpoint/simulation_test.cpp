// Exactly-once under random and exhaustive schedules of crashes, power cuts, disk and target
// faults.
#include <gtest/gtest.h>

#include "unit/checkpoint/simulated_pipeline.hpp"

namespace sluice::test {
namespace {

constexpr uint64_t random_schedules = 400;
constexpr int steps_per_schedule = 40;

const std::vector<Failpoint>& reached_failpoints() {
  static const std::vector<Failpoint> points = {Failpoint::checkpoint_after_state_written,
                                                Failpoint::checkpoint_after_spools_synced,
                                                Failpoint::checkpoint_after_files_synced,
                                                Failpoint::checkpoint_before_rename,
                                                Failpoint::checkpoint_after_rename,
                                                Failpoint::checkpoint_decided,
                                                Failpoint::publish_before,
                                                Failpoint::publish_after_resolve,
                                                Failpoint::publish_after,
                                                Failpoint::rejects_folded,
                                                Failpoint::cleanup_before,
                                                Failpoint::cleanup_after,
                                                Failpoint::start_after_lock,
                                                Failpoint::start_after_verify,
                                                Failpoint::start_after_cleanup,
                                                Failpoint::start_after_folder_sync,
                                                Failpoint::start_after_look,
                                                Failpoint::start_between_claims,
                                                Failpoint::start_after_claim,
                                                Failpoint::start_after_publish};
  return points;
}

TargetFault random_fault(std::mt19937_64& random) {
  static constexpr TargetFault faults[] = {TargetFault::none,
                                           TargetFault::none,
                                           TargetFault::down,
                                           TargetFault::lost_applied,
                                           TargetFault::lost_dropped,
                                           TargetFault::pending_applied,
                                           TargetFault::pending_dropped,
                                           TargetFault::half_written};
  return faults[random() % std::size(faults)];
}

void add_fault(SimulatedPipeline& pipeline) {
  CoordinatorHarness& world = pipeline.world();
  std::mt19937_64& random = pipeline.random();
  auto system = std::next(world.systems.begin(), static_cast<ptrdiff_t>(random() % 3));
  switch (random() % 6) {
    case 0:
      world.failpoints.arm(reached_failpoints()[random() % reached_failpoints().size()],
                           Failpoints::Action::error, 1 + random() % 3);
      return;
    case 1:
      world.files.fail_from(world.files.operations() + 1 + random() % 30);
      return;
    case 2:
      world.files.fail_nth(static_cast<FileOperation>(random() % 6), 1 + random() % 6);
      return;
    case 3:
      pipeline.set_strict(random() % 2 == 0);
      return;
    case 4:
      system->second->set_down(random() % 2 == 0);
      return;
    default:
      system->second->plan({random_fault(random), random_fault(random), random_fault(random)});
  }
}

void step(SimulatedPipeline& pipeline) {
  std::mt19937_64& random = pipeline.random();
  if (!pipeline.is_running()) {
    // Whether the machine or only the process died.
    if (random() % 2 == 0) {
      pipeline.world().files.lose_power(random() % 3 * 10,
                                        [&](const std::string&) { return random() % 2 == 0; });
    }
    pipeline.start();
    return;
  }
  switch (random() % 8) {
    case 0:
      pipeline.crash();
      return;
    case 1:
      add_fault(pipeline);
      return;
    case 2:
      pipeline.publish();
      return;
    case 3:
      pipeline.checkpoint(random() % 4 == 0);
      return;
    case 4:
      pipeline.checkpoint();
      return;
    default:
      pipeline.process(1 + random() % 5);
  }
}

TEST(Simulation, RandomSchedulesPublishEachEpochOnce) {
  for (uint64_t seed = 1; seed <= random_schedules; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SimulatedPipeline pipeline(seed);
    for (int i = 0; i < steps_per_schedule && !testing::Test::HasFailure(); ++i) {
      step(pipeline);
      pipeline.check();
    }
    pipeline.crash();
    pipeline.world().files.lose_power();
    // Faults that are still armed are met by a start, not by the reckoning.
    for (int attempt = 0; attempt < 30 && !pipeline.start(); ++attempt) {
      for (const auto& [name, system] : pipeline.world().systems) system->set_down(false);
      pipeline.world().files.lose_power();
    }
    pipeline.crash();
    for (const Failpoint point : reached_failpoints()) {
      pipeline.world().failpoints.arm(point, Failpoints::Action::none);
    }
    for (const FileOperation kind :
         {FileOperation::create, FileOperation::append, FileOperation::sync, FileOperation::close,
          FileOperation::rename, FileOperation::remove, FileOperation::sync_directory,
          FileOperation::read}) {
      pipeline.world().files.fail_nth(kind, UINT64_MAX / 2);
    }
    pipeline.finish();
    pipeline.check();
    if (testing::Test::HasFailure()) return;
  }
}

// Three epochs, the second of which also refuses rows.
void run_three_epochs(SimulatedPipeline& pipeline) {
  if (!pipeline.start()) return;
  for (int epoch = 0; epoch < 3; ++epoch) {
    if (!pipeline.process(4) || !pipeline.checkpoint()) return;
    pipeline.publish();
    pipeline.check();
    if (!pipeline.is_running()) return;
  }
}

TEST(Simulation, PowerCutAtEveryFileOperationPublishesEachEpochOnce) {
  uint64_t operations = 0;
  {
    SimulatedPipeline sound(1);
    run_three_epochs(sound);
    operations = sound.world().files.operations();
  }
  ASSERT_GT(operations, 50u);
  for (uint64_t cut = 1; cut <= operations; ++cut) {
    for (const uint64_t kept_bytes : {0u, 5u, 1'000'000u}) {
      SCOPED_TRACE("power cut at operation " + std::to_string(cut) + ", keeping " +
                   std::to_string(kept_bytes) + " unsynced bytes");
      SimulatedPipeline pipeline(1);
      pipeline.world().files.fail_from(cut);
      run_three_epochs(pipeline);
      pipeline.crash();
      pipeline.world().files.lose_power(kept_bytes);
      pipeline.finish();
      pipeline.check();
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(Simulation, CrashAtEveryFailpointPublishesEachEpochOnce) {
  for (const Failpoint point : reached_failpoints()) {
    for (uint64_t hit = 1; hit <= 3; ++hit) {
      for (const bool loses_power : {false, true}) {
        SCOPED_TRACE(std::string(point.name) + " at hit " + std::to_string(hit) +
                     (loses_power ? " with a power cut" : ""));
        SimulatedPipeline pipeline(1);
        pipeline.world().failpoints.arm(point, Failpoints::Action::error, hit);
        // Something to resolve.
        pipeline.world().target("kafka").plan({TargetFault::lost_applied});
        run_three_epochs(pipeline);
        EXPECT_GE(pipeline.world().failpoints.hits(point), 1u) << "never reached";
        pipeline.crash();
        if (loses_power) pipeline.world().files.lose_power();
        pipeline.world().failpoints.arm(point, Failpoints::Action::none);
        pipeline.finish();
        pipeline.check();
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::test
