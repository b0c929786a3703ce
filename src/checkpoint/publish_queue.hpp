// PublishQueue: the decided spools of one target in the order of publishing, and the thread that
// publishes them (C4), with backoff while the target is down.
//
// Owned by the coordinator. push, start, stop and publish_pending come from the coordinating
// thread; everything that asks may be called from any thread. A final error, or an exception,
// ends publishing for good: see PublishProgress::failure.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "checkpoint/target_publisher.hpp"
#include "env/histogram.hpp"

namespace sluice {

// Letters of published rejects, and up to which epoch they tell all.
struct TakenRejects {
  std::vector<DeadLetter> letters;
  Epoch up_to;
};

struct PublishProgress {
  MarkerPoint published;  // the marker as last known for certain
  uint64_t unpublished = 0;
  uint64_t republished = 0;
  std::optional<Error> last_error;  // of the attempt that is being retried
  std::optional<Error> failure;     // final
};

class PublishQueue {
 public:
  // `rejects` come before those of what is pushed later.
  PublishQueue(std::unique_ptr<TargetPublisher> publisher, std::vector<DeadLetter> rejects,
               const Environment& environment);
  ~PublishQueue();

  TargetPublisher& publisher() { return *publisher_; }
  void push(DecidedSpool spool);
  // Publishes what is queued on the caller's thread, which no start() came before. The first error
  // that a few attempts did not overcome; the rest stays queued.
  Status publish_pending();
  void start();
  // Where it is noted how long publishing a spool took, and how old its epoch's oldest record was
  // when it was published. Before start().
  struct Measures {
    Histogram duration;
    Histogram end_to_end;
  };
  void measure(Measures measures) { measures_ = std::move(measures); }
  // Ends the thread after the attempt under way.
  void stop();

  PublishProgress progress() const;
  bool has_rejects() const;
  TakenRejects take_rejects();
  // Until nothing is queued or publishing has failed, `timeout_us` at most. True when all is
  // published.
  bool wait_empty(int64_t timeout_us);

 private:
  void run();
  void give_up(const Error& error);
  // One attempt at the first spool. False: not published.
  bool publish_first();
  void note_times(const DecidedSpool& spool, int64_t started_us);

  std::unique_ptr<TargetPublisher> publisher_;
  Environment environment_;
  std::optional<Measures> measures_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<DecidedSpool> spools_;
  std::vector<DeadLetter> rejects_;
  MarkerPoint published_;
  std::optional<Error> last_error_;
  std::optional<Error> failure_;
  bool stop_requested_ = false;
  std::thread thread_;
};

}  // namespace sluice
