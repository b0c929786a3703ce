#include "checkpoint/plan_effects.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace sluice {

namespace {

using Kind = PlanEffect::Kind;
using Subject = PlanEffect::Subject;

// The same without the fingerprints of the states it reads, which say nothing to people.
Lineage without_fingerprints(Lineage lineage) {
  for (LineageFact& fact : lineage.facts) {
    if (fact.aspect == read_state_aspect) fact.text.resize(fact.text.find(' '));
  }
  return lineage;
}

std::string own_difference(const Lineage& saved, const Lineage& present) {
  const std::string own = difference(without_fingerprints(saved), without_fingerprints(present));
  return own.empty() ? "a state that it reads has changed" : own;
}

std::string place_text(const SavedSink& sink) { return sink.place + " of " + sink.target; }

class Comparison {
 public:
  explicit Comparison(const PlanChange& change)
      : change_(change),
        renamed_(renamed_states(change.saved, change.present, change.former_names)) {}

  std::vector<PlanEffect> run() {
    for (const auto& [id, saved] : change_.saved.states) judge_saved(id, saved);
    for (const auto& [id, present] : change_.present.states) judge_new(id, present);
    for (const auto& [name, sink] : change_.present.sinks) judge_sink(name, sink);
    for (const auto& [stream, start] : change_.present.starts) judge_start(stream, start);
    return std::move(effects_);
  }

 private:
  void add(Kind kind, Subject subject, const std::string& name, std::string message) {
    effects_.push_back({kind, subject, name, std::move(message)});
  }

  bool has_been_read(const std::vector<std::string>& streams) const {
    return std::any_of(streams.begin(), streams.end(),
                       [this](const auto& stream) { return change_.read.contains(stream); });
  }

  void judge_saved(const std::string& id, const SavedState& saved) {
    const auto renamed = renamed_.find(id);
    const std::string& present_id = renamed == renamed_.end() ? id : renamed->second;
    taken_over_.insert(present_id);
    const auto present = change_.present.states.find(present_id);
    const std::string start = "the saved state of " + id;
    if (present == change_.present.states.end()) {
      add(Kind::refused, Subject::state, id,
          start + " belongs to no step of the pipeline any more");
    } else if (present->second.lineage.fingerprint != saved.lineage.fingerprint) {
      add(Kind::refused, Subject::state, id,
          start +
              " does not fit the file: " + own_difference(saved.lineage, present->second.lineage));
    } else {
      add(Kind::kept, Subject::state, present_id,
          present_id == id ? "goes on from its saved state" : "goes on from the state of " + id);
    }
  }

  void judge_new(const std::string& id, const SavedState& present) {
    if (taken_over_.contains(id)) return;
    if (!has_been_read(present.streams)) {
      return add(Kind::begins, Subject::state, id, "begins with its sources");
    }
    add(Kind::begins_empty, Subject::state, id,
        "the state of " + id + " begins empty: its results count only what is read from now on");
  }

  // A sink is what it writes to, whatever its name.
  const SavedSink* saved_of(const std::string& name, const SavedSink& sink) const {
    const SavedSink* found = nullptr;
    for (const auto& [saved_name, saved] : change_.saved.sinks) {
      if (saved.target != sink.target || saved.place != sink.place) continue;
      if (found == nullptr || saved_name == name) found = &saved;
    }
    return found;
  }

  void judge_sink(const std::string& name, const SavedSink& sink) {
    if (!has_been_read(sink.streams)) return;
    const auto warn = [&](const std::string& what) {
      add(Kind::sent_from_now, Subject::sink, name,
          "sink " + name + " " + what + ": it gets only what comes or changes from now on");
    };
    const SavedSink* saved = saved_of(name, sink);
    if (saved == nullptr) {
      const auto before = change_.saved.sinks.find(name);
      const bool is_new = before == change_.saved.sinks.end();
      return warn(is_new ? "is new"
                         : "writes to " + place_text(sink) + " now, not to " +
                               place_text(before->second));
    }
    if (!is_same_step(saved->from, sink.from)) {
      return warn("takes the rows of " + sink.from + " now, not those of " + saved->from);
    }
    if (saved->key != sink.key) return warn("has another key");
    if (saved->lineage.fingerprint == sink.lineage.fingerprint) return;
    add(Kind::refused, Subject::sink, name,
        "sink " + name + " has sent rows that it could not take back or replace any more: " +
            difference(saved->lineage, sink.lineage));
  }

  bool is_same_step(const std::string& saved, const std::string& present) const {
    const auto former = change_.former_names.find(present);
    return saved == present || (former != change_.former_names.end() && saved == former->second);
  }

  void judge_start(const std::string& stream, const std::string& start) {
    const auto saved = change_.saved.starts.find(stream);
    if (!change_.positioned.contains(stream) || saved == change_.saved.starts.end()) return;
    if (saved->second == start) return;
    add(Kind::start_ignored, Subject::stream, stream,
        "`start` of " + stream + " is " + start + " now and was " + saved->second +
            ", which does not count: reading goes on from the saved position");
  }

  const PlanChange& change_;
  const std::map<std::string, std::string, std::less<>> renamed_;
  std::set<std::string> taken_over_;
  std::vector<PlanEffect> effects_;
};

}  // namespace

const char* effect_text(PlanEffect::Kind kind) {
  switch (kind) {
    case Kind::kept:
      return "kept";
    case Kind::begins:
      return "begins";
    case Kind::begins_empty:
      return "begins_empty";
    case Kind::sent_from_now:
      return "sent_from_now";
    case Kind::start_ignored:
      return "start_ignored";
    case Kind::refused:
      return "refused";
  }
  SLUICE_ASSERT(false, "unknown effect");
}

std::optional<ErrorCode> code_of(PlanEffect::Kind kind) {
  switch (kind) {
    case Kind::kept:
    case Kind::begins:
      return std::nullopt;
    case Kind::begins_empty:
      return ErrorCode::begins_empty;
    case Kind::sent_from_now:
      return ErrorCode::sent_from_now;
    case Kind::start_ignored:
      return ErrorCode::start_ignored;
    case Kind::refused:
      return ErrorCode::state_incompatible;
  }
  SLUICE_ASSERT(false, "unknown effect");
}

const char* subject_text(PlanEffect::Subject subject) {
  switch (subject) {
    case Subject::state:
      return "state";
    case Subject::sink:
      return "sink";
    case Subject::stream:
      return "stream";
  }
  SLUICE_ASSERT(false, "unknown subject");
}

std::map<std::string, std::string, std::less<>> renamed_states(
    const SavedPlan& saved, const SavedPlan& present,
    const std::map<std::string, std::string>& former_names) {
  std::map<std::string, std::string, std::less<>> renamed;
  for (const auto& [id, state] : present.states) {
    const size_t end = id.find('/');
    const auto former = former_names.find(id.substr(0, end));
    if (former == former_names.end() || saved.states.contains(id)) continue;
    const std::string former_id = former->second + id.substr(end);
    if (saved.states.contains(former_id)) renamed[former_id] = id;
  }
  return renamed;
}

std::vector<PlanEffect> effects_of(const PlanChange& change) { return Comparison(change).run(); }

std::vector<PlanEffect> effects_on(const Manifest& manifest, const SavedPlan& present,
                                   const std::map<std::string, std::string>& former_names) {
  PlanChange change{manifest.plan, present, former_names};
  for (const SavedSplit& split : manifest.progress.splits) {
    change.positioned.insert(split.source);
    if (split.position.next_offset > 0) change.read.insert(split.source);
  }
  return effects_of(change);
}

}  // namespace sluice
