#include "daemon/proposal.hpp"

#include <filesystem>
#include <utility>

namespace sluice {

namespace {

const Options& options_of(const PipelineSpec& spec, const std::string& sink) {
  const SinkSpec* found = spec.find_sink(sink);
  return found != nullptr ? found->to.options : spec.errors.dead_letter->options;
}

std::vector<Claim> claims_of(const PreparedPipeline& pipeline) {
  std::vector<Claim> claims;
  for (const StreamNode& node : pipeline.graph.nodes) {
    const auto* sink = std::get_if<SinkVertex>(&node.node);
    if (sink == nullptr) continue;
    const auto use = sink->description->sole_use();
    if (!use) continue;
    const Node option = options_of(pipeline.spec(), node.name).node(use->option);
    claims.push_back({node.name, *use, option.location(), option.path()});
  }
  return claims;
}

}  // namespace

Proposal make_proposal(std::string file, PrepareResult prepared, Diagnostics diagnostics) {
  Proposal proposal{std::move(file), std::move(prepared.files), std::move(prepared.name), nullptr,
                    std::move(diagnostics)};
  if (!prepared.pipeline) return proposal;
  const PreparedPipeline& pipeline = *prepared.pipeline;
  auto version = std::make_shared<PipelineVersion>();
  version->name = pipeline.spec().name;
  version->place = pipeline.spec().name_location;
  version->digest = pipeline.loaded.digest;
  version->claims = claims_of(pipeline);
  for (size_t i = 1; i < proposal.texts.size(); ++i) {
    version->included.push_back(normal_path(proposal.texts[i].name()));
  }
  version->prepared = std::move(prepared.pipeline);
  proposal.version = std::move(version);
  return proposal;
}

std::string name_of_file(const std::string& path) {
  return std::filesystem::path(path).stem().string();
}

std::string normal_path(const std::string& path) {
  return std::filesystem::path(path).lexically_normal().string();
}

}  // namespace sluice
