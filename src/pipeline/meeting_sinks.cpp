#include "pipeline/meeting_sinks.hpp"

#include <optional>
#include <vector>

#include "dataflow/use_pattern.hpp"

namespace sluice {

std::string meeting_text(const SoleUse& use, const std::string& other_use,
                         const std::string& other_sink) {
  return use.what + " may be " + other_use + " too, which sink " + other_sink + " writes";
}

void warn_of_meeting_sinks(const StreamGraph& graph, const PipelineSpec& spec,
                           Diagnostics& diagnostics) {
  std::vector<std::pair<std::string, std::string>> before;  // sink and what it writes
  for (const StreamNode& node : graph.nodes) {
    const auto* sink = std::get_if<SinkVertex>(&node.node);
    const SinkSpec* written = sink == nullptr ? nullptr : spec.find_sink(node.name);
    const std::optional<SoleUse> use =
        written == nullptr ? std::nullopt : sink->description->sole_use();
    if (!use) continue;
    for (const auto& [other, what] : before) {
      if (what == use->what || !may_write_the_same(what, use->what)) continue;
      diagnostics.warning(ErrorCode::duplicate_name, written->to.options.node(use->option),
                          meeting_text(*use, what, other), use->advice_for_meeting);
    }
    before.emplace_back(node.name, use->what);
  }
}

}  // namespace sluice
