// TargetPublisher: one target of one pipeline start: what its marker is known to show, and single
// attempts to publish a decided spool there. Wraps the connector's Publisher.
//
// Order: identity, look, claim, load_rejects, then publish spool after spool. One thread at a time:
// the starting one, then the target's publishing thread. After any attempt that did not end with a
// definite OK the marker is uncertain, and the next attempt resolves it first. Errors: fenced,
// target_refused and errors of files are final; with Retry::later the same attempt may be made
// again.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/decisions.hpp"
#include "dataflow/dead_letter.hpp"
#include "dataflow/publisher.hpp"
#include "env/environment.hpp"
#include "storage/spool_file.hpp"

namespace sluice {

struct DecidedSpool {
  std::string path;
  SpoolFacts facts;
  int64_t oldest_record_us = INT64_MAX;  // of the epoch, when this run has read it: see TaskPart
};

class TargetPublisher {
 public:
  struct Description {
    std::string target;
    std::string owner;   // nonce of this start
    std::string folder;  // the state folder's path
  };
  TargetPublisher(Description description, std::unique_ptr<Publisher> publisher,
                  const Environment& environment)
      : description_(std::move(description)),
        publisher_(std::move(publisher)),
        environment_(environment) {}

  const std::string& target() const { return description_.target; }
  Publisher& publisher() { return *publisher_; }

  // S2. The marker, none on a new target.
  Result<std::optional<Marker>> look();
  // S3. Afterwards marker() holds.
  Status claim();
  const std::optional<Marker>& marker() const { return marker_; }
  // S5. Letters of epochs after `folded` that the target already shows. Those of epochs up to there
  // have become dead letters before and do so never again, also when their spools are republished.
  Result<std::vector<DeadLetter>> load_rejects(Epoch folded);

  // C4. One attempt; the letters of the spool's rejects when the target shows it for certain.
  Result<std::vector<DeadLetter>> publish(const DecidedSpool& spool);
  // Attempts after the first of a spool.
  uint64_t republished() const { return republished_; }

 private:
  Status resolve();
  Result<std::vector<DeadLetter>> settle(Epoch epoch);
  Status attempt(const DecidedSpool& spool);
  Error with_epoch(Error error, Epoch epoch) const;
  std::string rejects_path(Epoch epoch) const;

  Description description_;
  std::unique_ptr<Publisher> publisher_;
  Environment environment_;
  std::optional<Marker> marker_;
  bool is_uncertain_ = false;
  Epoch attempted_;
  Epoch folded_;
  std::atomic<uint64_t> republished_{0};
};

}  // namespace sluice
