// The JSON document of a manifest. Every field is written and required, so that a missing one is
// found, not defaulted.
#include <nlohmann/json.hpp>

#include "storage/manifest.hpp"
#include "storage/saved_plan_json.hpp"

namespace sluice {

using Json = nlohmann::json;

namespace {

Json to_json(const FileSeal& seal) { return {{"bytes", seal.bytes}, {"checksum", seal.checksum}}; }

FileSeal seal_from(const Json& json) {
  return {json.at("bytes").get<uint64_t>(), json.at("checksum").get<uint64_t>()};
}

Epoch epoch_from(const Json& json) { return Epoch(json.get<uint64_t>()); }

Json to_json(const SavedSplit& saved) {
  Json clocks = Json::object();
  for (const auto& [scan, clock] : saved.clocks) {
    clocks[scan] = {{"watermark_us", clock.watermark_us}, {"idle", clock.idle}};
  }
  Json json = {{"source", saved.source},
               {"stream", saved.split.stream},
               {"partition", saved.split.partition},
               {"next_offset", saved.position.next_offset},
               {"last_timestamp_us", saved.position.last_timestamp_us},
               {"last_hash", saved.position.last_hash},
               {"finished", saved.finished},
               {"clocks", std::move(clocks)}};
  if (!saved.position.stream_id.empty()) json["stream_id"] = saved.position.stream_id;
  return json;
}

SavedSplit split_from(const Json& json) {
  SavedSplit saved;
  saved.source = json.at("source").get<std::string>();
  saved.split.stream = json.at("stream").get<std::string>();
  saved.split.partition = json.at("partition").get<int32_t>();
  saved.position.next_offset = json.at("next_offset").get<int64_t>();
  saved.position.last_timestamp_us = json.at("last_timestamp_us").get<int64_t>();
  saved.position.last_hash = json.at("last_hash").get<uint64_t>();
  // The server did not tell one where there is none.
  saved.position.stream_id = json.value("stream_id", std::string());
  saved.finished = json.at("finished").get<bool>();
  for (const auto& [scan, clock] : json.at("clocks").items()) {
    saved.clocks[scan] = {clock.at("watermark_us").get<int64_t>(), clock.at("idle").get<bool>()};
  }
  return saved;
}

Json to_json(const SavedProgress& progress) {
  Json splits = Json::array();
  for (const SavedSplit& split : progress.splits) splits.push_back(to_json(split));
  return {{"splits", std::move(splits)}, {"issued_watermarks", progress.issued_watermarks}};
}

SavedProgress progress_from(const Json& json) {
  SavedProgress progress;
  for (const Json& split : json.at("splits")) progress.splits.push_back(split_from(split));
  progress.issued_watermarks = json.at("issued_watermarks").get<std::map<std::string, int64_t>>();
  return progress;
}

Json to_json(const ManifestStateFile& file) {
  return {{"name", file.name},
          {"seal", to_json(file.seal)},
          {"kind", file.kind == SnapshotKind::full ? "full" : "delta"}};
}

ManifestStateFile state_file_from(const Json& json) {
  const bool is_full = json.at("kind").get<std::string>() == "full";
  return {json.at("name").get<std::string>(), seal_from(json.at("seal")),
          is_full ? SnapshotKind::full : SnapshotKind::delta};
}

Json to_json(const ManifestSpool& spool, Epoch own) {
  Json json = {{"target", spool.target},
               {"epoch", spool.epoch.value},
               {"decided_by", spool.decision.epoch.value},
               {"name", spool.name},
               {"seal", to_json(spool.seal)},
               {"published", spool.is_published}};
  if (spool.decision.epoch != own) json["decided_checksum"] = spool.decision.checksum;
  return json;
}

ManifestSpool spool_from(const Json& json, Epoch own) {
  ManifestSpool spool;
  spool.target = json.at("target").get<std::string>();
  spool.epoch = epoch_from(json.at("epoch"));
  spool.decision.epoch = epoch_from(json.at("decided_by"));
  if (spool.decision.epoch != own) {
    spool.decision.checksum = json.at("decided_checksum").get<uint64_t>();
  }
  spool.name = json.at("name").get<std::string>();
  spool.seal = seal_from(json.at("seal"));
  spool.is_published = json.at("published").get<bool>();
  return spool;
}

Json to_json(const ManifestTarget& target) {
  return {{"identity", target.identity},
          {"published_epoch", target.published.epoch.value},
          {"published_checksum", target.published.checksum},
          {"rejects_folded", target.rejects_folded.value}};
}

ManifestTarget target_from(const Json& json) {
  return {json.at("identity").get<std::string>(),
          {epoch_from(json.at("published_epoch")), json.at("published_checksum").get<uint64_t>()},
          epoch_from(json.at("rejects_folded"))};
}

Manifest manifest_from(const Json& json) {
  Manifest manifest;
  manifest.epoch = epoch_from(json.at("epoch"));
  manifest.previous = epoch_from(json.at("previous"));
  manifest.uid = json.at("uid").get<std::string>();
  manifest.pipeline_id = json.at("pipeline_id").get<std::string>();
  manifest.shard = json.at("shard").get<uint32_t>();
  manifest.plan = plan_from(json.at("plan"));
  manifest.progress = progress_from(json.at("progress"));
  manifest.is_closed = json.at("closed").get<bool>();
  for (const Json& file : json.at("state_files")) {
    manifest.state_files.push_back(state_file_from(file));
  }
  for (const Json& spool : json.at("spools")) {
    manifest.spools.push_back(spool_from(spool, manifest.epoch));
  }
  for (const auto& [name, target] : json.at("targets").items()) {
    manifest.targets[name] = target_from(target);
  }
  return manifest;
}

}  // namespace

Result<std::string> manifest_to_json(const Manifest& manifest) {
  Json state_files = Json::array();
  for (const ManifestStateFile& file : manifest.state_files) state_files.push_back(to_json(file));
  Json spools = Json::array();
  for (const ManifestSpool& spool : manifest.spools) {
    spools.push_back(to_json(spool, manifest.epoch));
  }
  Json targets = Json::object();
  for (const auto& [name, target] : manifest.targets) targets[name] = to_json(target);
  const Json json = {{"epoch", manifest.epoch.value},
                     {"previous", manifest.previous.value},
                     {"uid", manifest.uid},
                     {"pipeline_id", manifest.pipeline_id},
                     {"shard", manifest.shard},
                     {"plan", to_json(manifest.plan)},
                     {"progress", to_json(manifest.progress)},
                     {"closed", manifest.is_closed},
                     {"state_files", std::move(state_files)},
                     {"spools", std::move(spools)},
                     {"targets", std::move(targets)}};
  try {
    return json.dump();
  } catch (const Json::exception& problem) {
    return fail(ErrorCode::invalid_text,
                std::string("a name in the manifest is not UTF-8: ") + problem.what());
  }
}

Result<Manifest> manifest_from_json(const std::string& json, const std::string& path) {
  try {
    return manifest_from(Json::parse(json));
  } catch (const Json::exception& problem) {
    return fail_corrupt(path, problem.what());
  }
}

}  // namespace sluice
