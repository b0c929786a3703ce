// Source: reads raw records of splits (Kafka partitions, files). SourceDescription is shared and
// discovers splits; each task has one Source with the splits assigned to it. Positions are a
// source's whole state.
//
// Life: open, assign (again for splits found later), poll …, close; one thread, never blocking:
// poll returns at once and the source calls Waker::wake, from any thread, when there may be more.
// Only the first assign, before anything flows and of none if need be, may ask where splits begin.
// An Error with Retry::later restarts the pipeline with backoff.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/raw_batch.hpp"
#include "env/environment.hpp"

namespace sluice {

// Wakes the worker that runs a task. Thread-safe.
class Waker {
 public:
  virtual ~Waker() = default;
  virtual void wake() = 0;
};

// Where to go on in one split, and by what a source knows that the split is still the one that it
// has read, and no other one of the same name: each takes of it what its system has.
struct SplitPosition {
  int64_t next_offset = 0;
  int64_t last_timestamp_us = -1;  // of the last record; -1: nothing read yet
  uint64_t last_hash = 0;          // of what was read last
  // Not saved: this run does not go on where the last one ended, as a policy for that says.
  bool restarted = false;
  // What the system calls that which was read, and another of the same name not; empty: it does
  // not say.
  std::string stream_id = {};
};

struct SplitAssignment {
  std::shared_ptr<const Origin> split;
  std::optional<SplitPosition> position;  // none: where `start` says
};

struct PollResult {
  std::optional<size_t> split;  // index, in order of assignment, of the split `raw` is from; none:
                                // nothing to read now
  bool end_of_split = false;    // this split's known end has been reached by this poll
  bool finished = false;        // bounded split: nothing will ever follow
};

struct SourceContext {
  Environment environment;
  Waker* waker = nullptr;
  std::string pipeline_id;  // <namespace>.<pipeline>: consumer group, client ids
  // How much of its records this reader may hold that nobody has polled yet, all splits together.
  uint64_t read_ahead_bytes = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  virtual Status open(const SourceContext& context) = 0;
  virtual Status assign(const std::vector<SplitAssignment>& splits) = 0;
  // Up to max_records of one split into `raw` (cleared first). Splits take turns. `held[i]`: do not
  // read split i now.
  virtual Result<PollResult> poll(size_t max_records, const std::vector<bool>& held,
                                  RawBatch& raw) = 0;
  // By split, in order of assignment: what has been polled so far.
  virtual std::vector<SplitPosition> positions() const = 0;
  // Records between the position and the end of the split, as last known; -1 unknown.
  virtual std::vector<int64_t> lags() const = 0;
  virtual Status close() = 0;
};

class SplitCheck;

class SourceDescription {
 public:
  virtual ~SourceDescription() = default;
  // Two sources of one connection with equal identity read the same records and share one scan;
  // saved positions are filed under it.
  virtual std::string identity() const = 0;
  // How they are read (`start`, policies): sources that share a scan must agree.
  virtual std::string manner() const = 0;
  // Where a split without a saved position begins, as the file says it; empty: there is no choice.
  virtual std::string start() const { return {}; }
  virtual bool is_bounded() const = 0;
  // The splits that exist now, sorted. Blocks up to the client's timeout: called at start and by a
  // background thread.
  virtual Result<std::vector<std::shared_ptr<const Origin>>> discover(
      const Environment& environment) const = 0;
  // Whether a split with this saved position, or none, may begin elsewhere when it is assigned at
  // another time, as at `latest`. Where it begins is then to be saved at once.
  virtual bool start_may_move(const std::optional<SplitPosition>&) const { return false; }
  // Whether it reads what a sink has for itself (SoleUse::what): the pipeline would feed itself.
  virtual bool reads(std::string_view) const { return false; }
  virtual std::unique_ptr<Source> create() const = 0;
  // None: its splits cannot be replaced by others while they are read. `pipeline_id`: as in
  // SourceContext.
  virtual std::unique_ptr<SplitCheck> make_check(const std::string& pipeline_id) const;
};

}  // namespace sluice
