// The decisions of the protocol as pure functions from facts to named outcomes: whether a start may
// go on and what it publishes first, and what follows an attempt to publish. Every row of the
// recovery table in checkpoint/PROTOCOL.md is one call here. No I/O; usable from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "checkpoint/plan_effects.hpp"
#include "dataflow/publisher.hpp"
#include "storage/marker_point.hpp"

namespace sluice {

enum class Refusal : uint8_t {
  foreign_folder,      // the marker was written from another state folder
  folder_older,        // the target shows more than the folder knows
  checksum_differs,    // the target shows an epoch of ours that another manifest decided
  marker_lost,         // an initialised target has no marker
  target_older,        // the target is behind every spool that is still kept
  unexpected_marker,   // the marker is none of those that can be
  connection_missing,  // the pipeline no longer has a connection that unpublished spools are for
  connection_moved,    // … or it leads to another system
  other_pipeline,      // the folder belongs to another pipeline
  state_misfit,        // what is saved does not fit the pipeline
  fenced,              // another owner has claimed the target
};

struct Refuse {
  Refusal reason;
  Error error;
};

// One spool that the newest manifest lists.
struct SpoolFacts {
  MarkerPoint point;  // what the marker shows once it is published
  MarkerPoint after;  // what the marker must show for it to be published
  bool is_published = false;
};

// What is known of one target.
struct TargetFacts {
  std::string name;
  std::string marker_place;             // Publisher::marker_place()
  std::vector<std::string> sinks;       // that write there, by name
  bool is_configured = true;            // the pipeline has the connection
  bool is_moved = false;                // its physical identity is not the recorded one
  std::optional<MarkerPoint> recorded;  // by the newest manifest; none: it does not know the target
  std::optional<MarkerPoint> noted;     // as published, by the stop of the last run
  std::vector<SpoolFacts> spools;       // in the order of publishing
  std::optional<Marker> marker;         // as the target says
  // Another folder's marker, which was not there when this process first looked.
  bool is_taken_since = false;
};

struct ManifestFacts {
  Epoch epoch;
  std::string pipeline_id;
};

struct StartFacts {
  std::string uid;
  std::string pipeline_id;
  std::vector<PlanEffect> effects;  // of the file as it is, on what is saved
  std::optional<ManifestFacts> manifest;
  std::vector<TargetFacts> targets;
};

struct StartFresh {};
struct Restore {};
struct PublishThenRestore {
  // By target: the first of its spools to publish; targets with nothing to publish are absent.
  std::map<std::string, size_t> first_spool;
};
using StartDecision = std::variant<StartFresh, Restore, PublishThenRestore, Refuse>;

// S2 with the markers that look() found, and again after S3 with those that claim() returned. A
// refusal tells of all targets that refuse, not of the first alone.
StartDecision decide_start(const StartFacts& facts);

// The part of decide_start that concerns one target: the first of its spools to publish, their
// number when nothing is to be published.
std::variant<size_t, Refuse> decide_target(std::string_view uid, Epoch newest,
                                           const TargetFacts& facts);

struct Published {};
struct PublishNow {};
using SpoolDecision = std::variant<Published, PublishNow, Refuse>;

// Before the first attempt at a spool and after every attempt without a definite OK: what follows
// from the marker, which is certain.
SpoolDecision decide_spool(const Marker& marker, std::string_view owner, const SpoolFacts& spool);

}  // namespace sluice
