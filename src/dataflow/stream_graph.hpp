// StreamGraph: the checked plan of a pipeline in terms of the contracts: scans of sources,
// operators, sinks, and the edges between them. Made by compile; expanded by runtime to parallel
// tasks. Immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "config/option_spec.hpp"
#include "data/partition_clock.hpp"
#include "dataflow/connector.hpp"
#include "dataflow/operator.hpp"
#include "dataflow/sink.hpp"
#include "dataflow/source.hpp"
#include "formats/decoder.hpp"

namespace sluice {

// One read of an outside stream, shared by all scans of it.
struct SourceInput {
  std::shared_ptr<const SourceDescription> description;
  std::string name;      // of the first source that uses it
  std::string identity;  // of connection and stream: what saved positions are filed under
};

// Decoded rows of one source of the file.
struct ScanVertex {
  size_t source_input = 0;
  ScanSpec spec;
  const Format* format = nullptr;
  Options format_options;
  RowPolicy on_error = RowPolicy::dead_letter;  // of records that cannot be decoded
  PartitionClock::Settings clock;
  bool has_event_time = false;
  int64_t idle_after_us = INT64_MAX;
};

struct OperatorVertex {
  std::shared_ptr<const OperatorDescription> description;
};

// Rows leave through a sink; in mode upsert they are netted per key at the barrier.
struct SinkVertex {
  size_t target = 0;
  std::shared_ptr<const SinkDescription> description;
  SinkMode mode = SinkMode::append;
  std::vector<size_t> key;  // columns; what netting is by
  // How the edge into it changes: an upsert sink nets its epoch by key, whole rows of a retract
  // edge as a multiset.
  bool edge_retracts = false;
  RowPolicy on_error = RowPolicy::dead_letter;  // of rows that the target would refuse
};

struct StreamEdge {
  enum class Distribution : uint8_t { forward, hash };
  NodeId from;
  Distribution distribution = Distribution::forward;
  std::vector<size_t> hash_columns;  // of the row's key encoding, in this order
};

struct StreamNode {
  NodeId id;
  std::string name;  // step, source or sink: for metrics and state ids; unique with `part`
  std::string
      part;  // tells the operators of one step apart: "join", "aggregate"; stable across versions
  std::variant<ScanVertex, OperatorVertex, SinkVertex> node;
  std::vector<StreamEdge> inputs;
  SchemaPtr schema;
  // The half of the aggregate that follows which runs before its exchange; no node of the plan.
  bool is_local_half = false;
};

struct TargetNode {
  std::string name;  // of the connection
  const Connector* connector = nullptr;
  Options connection;
};

struct StreamGraph {
  std::string pipeline;
  std::vector<SourceInput> sources;
  std::vector<StreamNode> nodes;  // inputs before users; id = index
  std::vector<TargetNode> targets;
  // The sink node that takes dead letters (its only input is made by the runtime); none: rows that
  // would go there fail the pipeline.
  std::optional<NodeId> dead_letter_sink;
  // What a saved state's entries are filed under.
  static std::string state_id(const std::string& name, const std::string& part) {
    return name + "/" + part;
  }
  static std::string state_id(const StreamNode& node) { return state_id(node.name, node.part); }
};

}  // namespace sluice
