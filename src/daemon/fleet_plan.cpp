#include "daemon/fleet_plan.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "daemon/neighbours.hpp"

namespace sluice {

namespace {

using Kind = FleetDecision::Kind;

void add_all(const Diagnostics& from, Diagnostics& to) {
  for (Diagnostic& problem : from.sorted()) to.add(std::move(problem));
}

class Planning {
 public:
  Planning(std::vector<Proposal>& proposals, const std::vector<Incumbent>& incumbents)
      : proposals_(proposals), incumbents_(incumbents) {}

  std::vector<FleetDecision> run(const JudgeState& judge_state) {
    for (Proposal& proposal : proposals_) refuse_taken_name(proposal);
    for (Proposal& proposal : proposals_) {
      if (!is_change(proposal)) continue;
      judge_state(*proposal.version, proposal.diagnostics);
      if (proposal.diagnostics.has_errors()) proposal.version.reset();
    }
    while (refuse_one_beside_others()) continue;
    for (size_t i = 0; i < proposals_.size(); ++i) add_all(said_[i], proposals_[i].diagnostics);
    return decisions();
  }

 private:
  const Incumbent* incumbent_of(const std::string& name) const {
    const auto found =
        std::find_if(incumbents_.begin(), incumbents_.end(),
                     [&](const Incumbent& incumbent) { return incumbent.version->name == name; });
    return found == incumbents_.end() ? nullptr : &*found;
  }

  bool is_change(const Proposal& proposal) const {
    if (!proposal.version) return false;
    const Incumbent* incumbent = incumbent_of(proposal.version->name);
    return incumbent != nullptr && incumbent->version->digest != proposal.version->digest;
  }

  // The file that a name belongs to, of those that are there: the one that it runs from, unless
  // that asks for another pipeline now; else the first that asks for it.
  const Proposal* holder_of(const std::string& name) const {
    const auto asks = [&](const Proposal& proposal) {
      return proposal.version && proposal.version->name == name;
    };
    if (const Incumbent* incumbent = incumbent_of(name)) {
      for (const Proposal& proposal : proposals_) {
        const bool may_hold = !proposal.version || asks(proposal);
        if (proposal.file == incumbent->file && may_hold) return &proposal;
      }
    }
    const auto first = std::find_if(proposals_.begin(), proposals_.end(), asks);
    return first == proposals_.end() ? nullptr : &*first;
  }

  void refuse_taken_name(Proposal& proposal) {
    if (!proposal.version) return;
    const PipelineVersion& version = *proposal.version;
    const Proposal* holder = holder_of(version.name);
    if (holder == &proposal) return;
    proposal.diagnostics.error(ErrorCode::duplicate_name, version.place,
                               holder->file + " has a pipeline named " + version.name + " too",
                               "give one of the two another name");
    proposal.version.reset();
  }

  size_t successor_of(const Incumbent& incumbent) const {
    return index_of([&](const Proposal& proposal) {
      return proposal.version && proposal.version->name == incumbent.version->name;
    });
  }

  // The refused file that still asks for it.
  size_t refused_of(const Incumbent& incumbent) const {
    const size_t own = index_of([&](const Proposal& proposal) {
      return !proposal.version && proposal.file == incumbent.file;
    });
    if (own != proposals_.size()) return own;
    return index_of([&](const Proposal& proposal) {
      return !proposal.version && proposal.name == incumbent.version->name;
    });
  }

  template <class Condition>
  size_t index_of(const Condition& holds) const {
    const auto found = std::find_if(proposals_.begin(), proposals_.end(), holds);
    return static_cast<size_t>(found - proposals_.begin());
  }

  // Of `removed` the version stays null.
  FleetDecision decide(const Incumbent& incumbent) const {
    FleetDecision decision{Kind::removed, incumbent.version->name, incumbent.file, nullptr, 0};
    if (const size_t next = successor_of(incumbent); next != proposals_.size()) {
      const Proposal& proposal = proposals_[next];
      const bool is_same = proposal.version->digest == incumbent.version->digest;
      decision.kind = is_same ? Kind::unchanged : Kind::changed;
      decision.file = proposal.file;
      decision.version = is_same ? incumbent.version : proposal.version;
      decision.proposal = next;
    } else if (const size_t refused = refused_of(incumbent); refused != proposals_.size()) {
      decision.kind = Kind::refused;
      decision.version = incumbent.version;
      decision.proposal = refused;
    }
    return decision;
  }

  // True: one that was refused leaves a version running, and the others are to be asked again.
  bool refuse_one_beside_others() {
    std::vector<const PipelineVersion*> neighbours;
    for (const Incumbent& incumbent : incumbents_) {
      const FleetDecision decision = decide(incumbent);
      const bool stays = decision.kind == Kind::unchanged || decision.kind == Kind::refused;
      if (stays) neighbours.push_back(incumbent.version.get());
    }
    said_.assign(proposals_.size(), Diagnostics());
    for (size_t i = 0; i < proposals_.size(); ++i) {
      Proposal& proposal = proposals_[i];
      if (!proposal.version) continue;
      const Incumbent* incumbent = incumbent_of(proposal.version->name);
      if (incumbent != nullptr && incumbent->version->digest == proposal.version->digest) continue;
      for (const PipelineVersion* neighbour : neighbours) {
        judge_beside(*proposal.version, *neighbour, said_[i]);
      }
      if (!said_[i].has_errors()) {
        neighbours.push_back(proposal.version.get());
        continue;
      }
      add_all(said_[i], proposal.diagnostics);
      proposal.version.reset();
      return true;
    }
    return false;
  }

  // A file that the version which goes on is made of is no pipeline, though the file that includes
  // it cannot say so at the moment.
  static bool is_part_of(const Proposal& proposal, const std::vector<FleetDecision>& decisions) {
    return std::any_of(decisions.begin(), decisions.end(), [&](const FleetDecision& decision) {
      if (decision.kind != Kind::refused || !decision.version) return false;
      const std::vector<std::string>& parts = decision.version->included;
      return std::find(parts.begin(), parts.end(), proposal.file) != parts.end();
    });
  }

  std::vector<FleetDecision> decisions() const {
    std::vector<FleetDecision> all;
    std::vector<bool> is_decided(proposals_.size(), false);
    for (const Incumbent& incumbent : incumbents_) {
      all.push_back(decide(incumbent));
      if (all.back().kind != Kind::removed) is_decided[all.back().proposal] = true;
    }
    for (size_t i = 0; i < proposals_.size(); ++i) {
      const Proposal& proposal = proposals_[i];
      if (is_decided[i] || !proposal.version) continue;
      all.push_back({Kind::added, proposal.version->name, proposal.file, proposal.version, i});
      is_decided[i] = true;
    }
    for (size_t i = 0; i < proposals_.size(); ++i) {
      if (is_decided[i] || is_part_of(proposals_[i], all)) continue;
      all.push_back(
          {Kind::refused, name_beside(all, proposals_[i]), proposals_[i].file, nullptr, i});
    }
    return all;
  }

  // After its file, which may be the name of another's pipeline.
  static std::string name_beside(const std::vector<FleetDecision>& all, const Proposal& proposal) {
    const std::string name = name_of_file(proposal.file);
    const bool is_taken = std::any_of(all.begin(), all.end(), [&](const FleetDecision& decision) {
      return decision.name == name;
    });
    return is_taken ? std::filesystem::path(proposal.file).filename().string() : name;
  }

  std::vector<Proposal>& proposals_;
  const std::vector<Incumbent>& incumbents_;
  std::vector<Diagnostics> said_;  // of neighbours, by proposal
};

}  // namespace

std::vector<FleetDecision> plan_fleet(std::vector<Proposal>& proposals,
                                      const std::vector<Incumbent>& incumbents,
                                      const JudgeState& judge_state) {
  return Planning(proposals, incumbents).run(judge_state);
}

}  // namespace sluice
