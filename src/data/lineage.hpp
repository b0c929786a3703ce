// Lineage: what decides the meaning of a saved state, or of the changes that a sink takes, back to
// the records of the sources: as facts that people can read, to say what differs, and as one
// fingerprint of them all, to compare. Plain values.
#pragma once

#include <string>
#include <vector>

namespace sluice {

struct LineageFact {
  std::string aspect;  // "call", "column orders.v"; several facts may be of one
  std::string text;    // "sum(orders.v):int8"
  bool operator==(const LineageFact&) const = default;
};

// Of a fact that names another state: its kind and, after a space, its fingerprint.
constexpr const char* read_state_aspect = "state it reads";

struct Lineage {
  std::vector<LineageFact> facts;
  std::string fingerprint;  // of the facts, in their order
  bool operator==(const Lineage&) const = default;
};

std::string fingerprint_of(const std::vector<LineageFact>& facts);

// What the second has in place of the first, in a sentence's words: "call: sum(v):int8 is now
// max(v):int8; column orders.v: int4 from $.v is gone". Empty when the facts are the same.
std::string difference(const Lineage& before, const Lineage& after);

}  // namespace sluice
