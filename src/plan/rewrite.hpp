// Rewrite: turns a draft of a plan into one that gives the same rows for less. A rewrite is a file
// with `void register_NAME(RewriteRegistry&)` and a word of CMake; no rewrite needs another one to
// be correct. RewriteRegistry holds all, filled once at start from a generated list, then immutable
// and shared by all threads; the functions are pure.
#pragma once

#include <string>
#include <vector>

#include "plan/draft.hpp"
#include "plan/plan_request.hpp"

namespace sluice {

// What a rewrite is about, in the order in which they run. Before each rewrite the draft is
// settled: projections over projections are one, only what sinks reach is left, inputs stand before
// readers, and all is inferred.
enum class RewriteStage : uint8_t {
  filters,    // rows are left out as early as they can be
  decoding,   // what can be done while a source decodes is done there
  columns,    // what nobody reads is not there
  changes,    // readers get the changes that they need
  execution,  // marks nodes for compile; the graph stays as it is
};

struct Rewrite {
  std::string name;
  RewriteStage stage;
  void (*apply)(const PlanRequest& request, PlanDraft& draft);
};

class RewriteRegistry {
 public:
  // Asserts that the name is new.
  void add(Rewrite rewrite);
  // By stage, within one in the order in which they were added.
  const std::vector<Rewrite>& all() const { return rewrites_; }

 private:
  std::vector<Rewrite> rewrites_;
};

void register_builtin_rewrites(RewriteRegistry& registry);

// Applies all of the request's rewrites; leaves the draft settled.
void optimise(const PlanRequest& request, PlanDraft& draft);

}  // namespace sluice
