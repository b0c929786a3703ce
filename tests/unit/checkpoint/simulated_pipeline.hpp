// SimulatedPipeline: a pipeline over a coordinator, reduced to what exactly-once is about: records
// 0, 1, 2 … are read from an offset, every record becomes one operation for each target, some may
// be refused there and then become one dead letter, and state follows the offset. It can be crashed
// at any moment and started again, and checks at every step that each target shows a prefix of the
// records, without a hole or a repetition, that ends where an epoch may have ended.
#pragma once

#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "unit/checkpoint/coordinator_harness.hpp"

namespace sluice::test {

class SimulatedPipeline {
 public:
  explicit SimulatedPipeline(uint64_t seed);

  // False: it did not start, or what follows a start failed; the coordinator is gone then.
  bool start();
  bool is_running() const { return coordinator_ != nullptr; }
  void crash() { coordinator_.reset(); }
  // Reads and spools some records.
  bool process(uint64_t records);
  // A checkpoint; with `abandons` it times out instead.
  bool checkpoint(bool abandons = false);
  void publish();
  // Whether the targets refuse now what they may refuse: a table's checks come and go.
  void set_strict(bool strict) { is_strict_ = strict; }
  // Without faults from here: everything read is decided and published, and every reject told.
  void finish();

  // Of every target, now. What is wrong becomes a test failure.
  void check() const;
  CoordinatorHarness& world() { return world_; }
  std::mt19937_64& random() { return random_; }
  uint64_t offset() const { return offset_; }

 private:
  static bool may_be_refused(uint64_t record) { return record % 11 == 5; }
  static std::string operation(uint64_t record, uint64_t run);
  static uint64_t record_of(const std::string& operation);
  bool fold_rejects();
  void write_state(StateBuffer& buffer);
  void check_state();
  void check_rows(const std::string& target) const;
  // Each record once in the target, as a row or as a dead letter.
  void check_reckoning(const std::string& target) const;

  CoordinatorHarness world_;
  std::mt19937_64 random_;
  std::unique_ptr<CheckpointCoordinator> coordinator_;
  bool is_strict_ = true;
  uint64_t run_ = 0;
  uint64_t offset_ = 0;
  std::set<uint64_t> dirty_;             // state keys changed since the last snapshot
  std::set<uint64_t> possible_ends_{0};  // of epochs, decided or perhaps decided
};

}  // namespace sluice::test
