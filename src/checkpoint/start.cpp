#include "checkpoint/start.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "env/random.hpp"

namespace sluice {

namespace {

// The folder that a marker is of.
std::string uid_of(const std::optional<Marker>& marker) { return marker ? marker->uid : ""; }

// One start while it goes on.
class Start {
 public:
  Start(const FolderContents& contents, const CheckpointSettings& settings,
        const Environment& environment)
      : contents_(contents),
        settings_(settings),
        environment_(environment),
        owner_(Random::from_entropy().identity()) {}

  Result<std::vector<StartedTarget>> run(const std::vector<CheckpointTarget>& targets);

 private:
  // A target while it starts; its publisher moves on to `started` in the end.
  struct Candidate {
    StartedTarget started;
    std::unique_ptr<TargetPublisher> publisher;  // none: at-least-once, nothing to be published
    std::vector<std::string> sinks;
    bool is_taken_since = false;  // see TargetFacts
  };

  const ManifestTarget* recorded(const std::string& target) const;
  bool has_pending(const std::string& target) const;
  std::vector<const KeptSpool*> spools_of(const std::string& target) const;
  Status connect(const CheckpointTarget& target);
  Status look();
  Status ask_before_taking() const;
  Result<std::map<std::string, size_t>> decide() const;
  TargetFacts facts_of(const std::string& target) const;
  std::vector<std::string> known_targets() const;
  Status claim();
  Status publish(const std::map<std::string, size_t>& first_spool);

  const FolderContents& contents_;
  const CheckpointSettings& settings_;
  const Environment& environment_;
  const std::string owner_;
  std::vector<Candidate> candidates_;
};

const ManifestTarget* Start::recorded(const std::string& target) const {
  if (!contents_.newest) return nullptr;
  const auto found = contents_.newest->manifest.targets.find(target);
  return found == contents_.newest->manifest.targets.end() ? nullptr : &found->second;
}

std::vector<const KeptSpool*> Start::spools_of(const std::string& target) const {
  std::vector<const KeptSpool*> spools;
  for (const KeptSpool& spool : contents_.spools) {
    if (spool.entry.target == target) spools.push_back(&spool);
  }
  return spools;
}

bool Start::has_pending(const std::string& target) const {
  const auto spools = spools_of(target);
  return std::any_of(spools.begin(), spools.end(),
                     [](const KeptSpool* spool) { return !spool->entry.is_published; });
}

Status Start::connect(const CheckpointTarget& target) {
  Candidate candidate;
  candidate.started.name = target.name;
  for (const SpoolSink& sink : target.sinks) candidate.sinks.push_back(sink.name);
  const PublisherIds ids{settings_.pipeline_id + "." + target.name + ".0", contents_.uid, owner_};
  SLUICE_ASSIGN(auto publisher, target.make_publisher(ids));
  if (!settings_.exactly_once && !has_pending(target.name)) {
    candidate.started.direct = std::move(publisher);
    candidates_.push_back(std::move(candidate));
    return {};
  }
  SLUICE_ASSIGN(candidate.started.identity, publisher->identity());
  for (const Candidate& other : candidates_) {
    if (other.publisher && other.started.identity == candidate.started.identity) {
      return fail(ErrorCode::conflicting_fields,
                  "connections " + other.started.name + " and " + target.name +
                      " lead to the same system, " + candidate.started.identity,
                  "let all sinks there use one connection");
    }
  }
  if (const ManifestTarget* known = recorded(target.name)) {
    candidate.started.is_moved = known->identity != candidate.started.identity;
    candidate.started.rejects_folded = known->rejects_folded;
  }
  candidate.publisher = std::make_unique<TargetPublisher>(
      TargetPublisher::Description{target.name, owner_, contents_.folder.path()},
      std::move(publisher), environment_);
  candidates_.push_back(std::move(candidate));
  return {};
}

Status Start::look() {
  for (Candidate& candidate : candidates_) {
    if (!candidate.publisher) continue;
    SLUICE_TRY(candidate.publisher->look());
    if (settings_.first_seen == nullptr) continue;
    const std::string uid = uid_of(candidate.publisher->marker());
    const auto [first, is_first] = settings_.first_seen->emplace(candidate.started.name, uid);
    candidate.is_taken_since = first->second != uid && uid != contents_.uid;
  }
  return {};
}

// One that a run took which never began would be refused to every other folder's run that can.
Status Start::ask_before_taking() const {
  const bool is_closed = contents_.newest && contents_.newest->manifest.is_closed;
  if (is_closed || !settings_.before_taking) return {};
  const bool takes =
      std::any_of(candidates_.begin(), candidates_.end(), [this](const Candidate& candidate) {
        return candidate.publisher && uid_of(candidate.publisher->marker()) != contents_.uid;
      });
  return takes ? settings_.before_taking() : Status{};
}

TargetFacts Start::facts_of(const std::string& target) const {
  TargetFacts facts;
  facts.name = target;
  facts.is_configured = false;
  if (const ManifestTarget* known = recorded(target)) facts.recorded = known->published;
  const auto noted = contents_.note.find(target);
  if (noted != contents_.note.end()) facts.noted = noted->second;
  for (const KeptSpool* spool : spools_of(target)) facts.spools.push_back(spool->facts());
  for (const Candidate& candidate : candidates_) {
    if (candidate.started.name != target) continue;
    facts.is_configured = true;
    facts.is_moved = candidate.started.is_moved;
    facts.marker_place = candidate.publisher->publisher().marker_place();
    facts.sinks = candidate.sinks;
    facts.is_taken_since = candidate.is_taken_since;
    facts.marker = candidate.publisher->marker();
  }
  return facts;
}

// Targets that are to be decided on: those with a publisher, and those that the pipeline lost.
std::vector<std::string> Start::known_targets() const {
  std::vector<std::string> names;
  std::vector<std::string> direct;
  for (const Candidate& candidate : candidates_) {
    (candidate.publisher ? names : direct).push_back(candidate.started.name);
  }
  if (!contents_.newest) return names;
  for (const auto& [name, target] : contents_.newest->manifest.targets) {
    const bool is_listed = std::count(names.begin(), names.end(), name) > 0 ||
                           std::count(direct.begin(), direct.end(), name) > 0;
    if (!is_listed) names.push_back(name);
  }
  return names;
}

Result<std::map<std::string, size_t>> Start::decide() const {
  StartFacts facts;
  facts.uid = contents_.uid;
  facts.pipeline_id = settings_.pipeline_id;
  if (contents_.newest) {
    const Manifest& manifest = contents_.newest->manifest;
    facts.manifest = {manifest.epoch, manifest.pipeline_id};
    facts.effects = effects_on(manifest, settings_.plan, settings_.former_names);
  }
  for (const std::string& target : known_targets()) facts.targets.push_back(facts_of(target));
  const StartDecision decision = decide_start(facts);
  if (const auto* refusal = std::get_if<Refuse>(&decision)) return fail(refusal->error);
  if (const auto* publish = std::get_if<PublishThenRestore>(&decision)) return publish->first_spool;
  return std::map<std::string, size_t>{};
}

Status Start::claim() {
  bool has_claimed = false;
  for (Candidate& candidate : candidates_) {
    if (!candidate.publisher) continue;
    if (has_claimed) SLUICE_TRY(environment_.failpoints->hit(Failpoint::start_between_claims));
    SLUICE_TRY(candidate.publisher->claim());
    has_claimed = true;
  }
  return environment_.failpoints->hit(Failpoint::start_after_claim);
}

Status Start::publish(const std::map<std::string, size_t>& first_spool) {
  for (Candidate& candidate : candidates_) {
    if (!candidate.publisher) continue;
    StartedTarget& started = candidate.started;
    SLUICE_ASSIGN(auto rejects, candidate.publisher->load_rejects(started.rejects_folded));
    started.queue = std::make_unique<PublishQueue>(std::move(candidate.publisher),
                                                   std::move(rejects), environment_);
    const auto first = first_spool.find(started.name);
    if (first == first_spool.end()) continue;
    const auto spools = spools_of(started.name);
    for (size_t i = first->second; i < spools.size(); ++i) {
      started.queue->push({contents_.folder.path_of(spools[i]->entry.name), spools[i]->facts()});
    }
  }
  // A target that is down does not keep the others from what they lack.
  Status result;
  for (Candidate& candidate : candidates_) {
    if (!candidate.started.queue) continue;
    Status published = candidate.started.queue->publish_pending();
    if (!published && result) result = std::move(published);
  }
  SLUICE_TRY(result);
  return environment_.failpoints->hit(Failpoint::start_after_publish);
}

Result<std::vector<StartedTarget>> Start::run(const std::vector<CheckpointTarget>& targets) {
  for (const CheckpointTarget& target : targets) SLUICE_TRY(connect(target));
  SLUICE_TRY(look());
  SLUICE_TRY(decide());
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::start_after_look));
  SLUICE_TRY(ask_before_taking());
  SLUICE_TRY(claim());
  // Between look and claim a predecessor may have finished its last commit.
  SLUICE_ASSIGN(const auto first_spool, decide());
  SLUICE_TRY(publish(first_spool));
  std::vector<StartedTarget> started;
  for (Candidate& candidate : candidates_) started.push_back(std::move(candidate.started));
  return started;
}

}  // namespace

Result<std::vector<StartedTarget>> start_targets(const FolderContents& contents,
                                                 const CheckpointSettings& settings,
                                                 const std::vector<CheckpointTarget>& targets,
                                                 const Environment& environment) {
  return Start(contents, settings, environment).run(targets);
}

}  // namespace sluice
