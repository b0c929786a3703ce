// OperatorHarness: one case of an operator, run in every way that must not matter: as written, row
// by row, all rows between two watermarks or barriers at once, with a full snapshot restored into
// a fresh operator after every element, the same with a chain of deltas, and with the state handed
// on between one, two and three instances. All ways must give the same folded rows and the same
// dead letters; in all of them the counters must add up at every barrier.
//
//   OperatorHarness harness(make_filter(…), {{schema, {}}});
//   harness.rows("a | 1\n b | 2").watermark("00:05").barrier();
//   EXPECT_THAT(harness.run().changes, ElementsAre("+I a|1"));
//
// Owned by a test, one thread. An Error of the operator fails the test, except in run_once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dataflow/operator.hpp"
#include "support/operator_instance.hpp"

namespace sluice::test {

struct HarnessPort {
  SchemaPtr schema;
  std::vector<size_t> hash_keys;  // as the exchange before the operator would hash
};

struct HarnessResult {
  std::vector<std::string> changes;       // in order, as row_texts writes them
  std::vector<std::string> folded;        // what is left of them, sorted, without kinds
  std::vector<std::string> dead_letters;  // "E3301 step: row", sorted
  std::map<std::string, int64_t> counters;
  std::vector<RecordBatch> batches;
  uint64_t memory_bytes = 0;   // reserved at the end
  size_t saved_entries = 0;    // of the last checkpoint
  std::optional<Error> error;  // run_once only
};

class OperatorHarness {
 public:
  OperatorHarness(std::shared_ptr<const OperatorDescription> operation,
                  std::vector<HarnessPort> ports);

  // The output is folded by these columns, the last row of a key wins; else as a multiset of whole
  // rows.
  OperatorHarness& fold_by(std::vector<size_t> key);
  OperatorHarness& zone(std::string_view name);
  // Called before every way, so that what the operator meets outside is the same for each.
  OperatorHarness& before_each(std::function<void()> prepare);

  // Of each instance.
  OperatorHarness& budget(uint64_t bytes);

  // The case's elements, in order. Rows as in test_rows.hpp.
  OperatorHarness& rows(std::string_view lines, size_t port = 0);
  OperatorHarness& batch(RecordBatch batch, size_t port = 0);
  OperatorHarness& watermark(std::string_view time);  // or "final"
  OperatorHarness& watermark(Watermark watermark);
  OperatorHarness& barrier(std::string_view time = "00:00", bool final = false);
  OperatorHarness& advance_clock(int64_t duration_us);
  // A change of what the operator meets outside.
  OperatorHarness& change_outside(std::function<void()> change);

  // Runs the case in every way. Result: of the case as it is written, after one more barrier.
  HarnessResult run();
  // As written only.
  HarnessResult run_once();

 private:
  struct Input {
    size_t port;
    RecordBatch batch;
  };
  struct ClockAdvance {
    int64_t duration_us;
  };
  using OutsideChange = std::function<void()>;
  using Element = std::variant<Input, Watermark, CheckpointBarrier, ClockAdvance, OutsideChange>;
  // How a run treats the elements.
  struct Way {
    std::string name;
    std::vector<uint32_t> parallelism = {1};  // of the first, second, … restored set; then again
    bool restores = false;                    // after every element
    SnapshotKind kind = SnapshotKind::full;
  };
  class Run;

  std::vector<Element> row_by_row() const;
  std::vector<Element> at_once() const;
  HarnessResult run(const Way& way, const std::vector<Element>& elements);
  void compare(const Way& way, const HarnessResult& expected, const HarnessResult& actual) const;

  std::shared_ptr<const OperatorDescription> operation_;
  std::vector<HarnessPort> ports_;
  std::optional<std::vector<size_t>> fold_key_;
  TimeZone zone_;
  std::function<void()> prepare_;
  uint64_t budget_bytes_ = OperatorInstance::default_budget_bytes;
  std::vector<Element> elements_;
};

}  // namespace sluice::test
