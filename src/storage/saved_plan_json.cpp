#include "storage/saved_plan_json.hpp"

#include <nlohmann/json.hpp>

namespace sluice {

namespace {

using Json = nlohmann::json;
using Texts = std::vector<std::string>;

// Facts as pairs, for their order counts.
Json to_json(const Lineage& lineage) {
  Json facts = Json::array();
  for (const LineageFact& fact : lineage.facts) facts.push_back({fact.aspect, fact.text});
  return {{"fingerprint", lineage.fingerprint}, {"facts", std::move(facts)}};
}

Lineage lineage_from(const Json& json) {
  Lineage lineage;
  lineage.fingerprint = json.at("fingerprint").get<std::string>();
  for (const Json& fact : json.at("facts")) {
    lineage.facts.push_back({fact.at(0).get<std::string>(), fact.at(1).get<std::string>()});
  }
  return lineage;
}

Json to_json(const SavedSink& sink) {
  return {{"from", sink.from},
          {"target", sink.target},
          {"place", sink.place},
          {"key", sink.key},
          {"lineage", to_json(sink.lineage)},
          {"streams", sink.streams}};
}

SavedSink sink_from(const Json& json) {
  SavedSink sink;
  sink.from = json.at("from").get<std::string>();
  sink.target = json.at("target").get<std::string>();
  sink.place = json.at("place").get<std::string>();
  sink.key = json.at("key").get<Texts>();
  sink.lineage = lineage_from(json.at("lineage"));
  sink.streams = json.at("streams").get<Texts>();
  return sink;
}

}  // namespace

Json to_json(const SavedPlan& plan) {
  Json states = Json::object();
  for (const auto& [id, state] : plan.states) {
    states[id] = {{"lineage", to_json(state.lineage)}, {"streams", state.streams}};
  }
  Json sinks = Json::object();
  for (const auto& [name, sink] : plan.sinks) sinks[name] = to_json(sink);
  return {{"states", std::move(states)}, {"sinks", std::move(sinks)}, {"starts", plan.starts}};
}

SavedPlan plan_from(const Json& json) {
  SavedPlan plan;
  for (const auto& [id, state] : json.at("states").items()) {
    plan.states[id] = {lineage_from(state.at("lineage")), state.at("streams").get<Texts>()};
  }
  for (const auto& [name, sink] : json.at("sinks").items()) plan.sinks[name] = sink_from(sink);
  plan.starts = json.at("starts").get<std::map<std::string, std::string>>();
  return plan;
}

}  // namespace sluice
