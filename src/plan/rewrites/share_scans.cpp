// Sources that read the same outside stream share one reader.
#include <algorithm>

#include "plan/operations/source.hpp"
#include "plan/rewrite.hpp"

namespace sluice {

namespace {

std::string identity_of(const PlanRequest& request, const std::string& source) {
  for (const SourceSettings& settings : request.sources) {
    if (settings.name == source) return settings.scan_identity;
  }
  return source;
}

void share_scans(const PlanRequest& request, PlanDraft& draft) {
  auto& groups = draft.plan().scan_groups;
  groups.clear();
  for (PlanNode& node : draft.plan().nodes) {
    auto* source = node.operation.as<PlanSource>();
    if (!source) continue;
    const std::string identity = identity_of(request, node.owner);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const ScanGroup& known) { return known.identity == identity; });
    if (group == groups.end()) group = groups.insert(groups.end(), {identity, {}});
    source->scan_group = static_cast<size_t>(group - groups.begin());
    group->sources.push_back(node.id);
  }
}

}  // namespace

void register_share_scans(RewriteRegistry& registry) {
  registry.add({"share_scans", RewriteStage::execution, share_scans});
}

}  // namespace sluice
