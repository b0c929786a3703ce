#include "runtime/split_guard.hpp"

#include <algorithm>

namespace sluice {

namespace {

// Nothing was read there, and what it is called is not known: nothing can be compared.
bool is_empty(const SplitPosition& position) {
  return position.last_timestamp_us < 0 && position.stream_id.empty();
}

// Whether there is nothing to compare `now` with: nothing was known before, or what is read now is
// not meant to follow it.
bool is_first(const SplitPosition& before, const SplitPosition& now) {
  return is_empty(before) || before.restarted != now.restarted;
}

}  // namespace

SplitGuard::SplitGuard(const StreamGraph& graph, const std::vector<SavedSplit>& restored,
                       Settings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
  for (const SourceInput& source : graph.sources) {
    if (auto check = source.description->make_check(settings_.pipeline_id))
      checks_.emplace(source.identity, std::move(check));
  }
  for (const SavedSplit& split : restored) {
    Known& known = this->known(split);
    known.confirmed = known.decided = split.position;
  }
}

SplitGuard::Known& SplitGuard::known(const SavedSplit& split) {
  Known& known = known_[{split.source, split.split.stream, split.split.partition}];
  if (!known.origin) {
    known.origin = std::make_shared<const Origin>(split.split);
    known.asked_us = clock_.monotonic_us();
  }
  return known;
}

bool SplitGuard::is_stale(const Known& known) const {
  return clock_.monotonic_us() - known.asked_us >= settings_.look_interval_us;
}

SplitAssignment SplitGuard::question(Known& known, const SplitPosition& now) {
  known.asked = now;
  known.asked_us = clock_.monotonic_us();
  return {known.origin, known.confirmed};
}

Status SplitGuard::confirm(const std::vector<SavedSplit>& splits) {
  for (const auto& [source, check] : checks_) {
    std::vector<SplitAssignment> moved;
    for (const SavedSplit& split : splits) {
      if (split.source != source) continue;
      Known& known = this->known(split);
      if (is_first(known.confirmed, split.position)) {
        known.confirmed = known.decided = split.position;
        known.asked.reset();
        known.doubt.reset();
      } else if (split.position.next_offset != known.decided.next_offset) {
        moved.push_back(question(known, split.position));
      }
    }
    if (!moved.empty()) {
      check->ask(moved);
      settle(source, check->answers(moved));
    }
    if (const auto doubtful = this->doubtful(source); !doubtful.empty())
      return fail(judge(*check, doubtful));
    for (const SavedSplit& split : splits) {
      if (split.source == source) known(split).decided = split.position;
    }
  }
  return {};
}

bool SplitGuard::look() {
  bool is_in_doubt = false;
  for (const auto& [source, check] : checks_) {
    std::vector<SplitAssignment> stale;
    for (auto& [key, known] : known_) {
      if (std::get<0>(key) != source || is_empty(known.confirmed) || !is_stale(known)) continue;
      stale.push_back(question(known, known.decided));
    }
    if (!stale.empty()) check->ask(stale);
    settle(source, check->answers({}));
    is_in_doubt |= !doubtful(source).empty();
  }
  return is_in_doubt;
}

void SplitGuard::settle(const std::string& source, const std::vector<SplitCheck::Answer>& answers) {
  for (const SplitCheck::Answer& answer : answers) {
    Known& known = known_.at({source, answer.split->stream, answer.split->partition});
    if (!known.asked) continue;  // about a split that was begun anew since
    if (answer.is_same) {
      known.confirmed = *known.asked;
    } else {
      known.doubt = answer.is_same.error();
    }
    known.asked.reset();
  }
}

std::vector<const SplitGuard::Known*> SplitGuard::doubtful(const std::string& source) const {
  std::vector<const Known*> doubtful;
  for (const auto& [key, known] : known_) {
    if (std::get<0>(key) == source && known.doubt) doubtful.push_back(&known);
  }
  return doubtful;
}

void SplitGuard::report(const std::vector<SavedSplit>& splits) {
  for (const auto& [source, check] : checks_) {
    std::vector<SplitAssignment> decided;
    for (const SavedSplit& split : splits) {
      if (split.source == source) decided.push_back({known(split).origin, split.position});
    }
    if (!decided.empty()) check->report(decided);
  }
}

void SplitGuard::close() {
  for (const auto& [source, check] : checks_) check->close();
}

// A start compares what the last decided checkpoint has read last. Where that is of the new split
// already, the start would find nothing wrong.
Error SplitGuard::judge(SplitCheck& check, const std::vector<const Known*>& doubtful) {
  Error error = *doubtful.front()->doubt;
  std::vector<SplitAssignment> decided;
  for (const Known* known : doubtful) {
    if (known->decided.next_offset != known->confirmed.next_offset)
      decided.push_back({known->origin, known->decided});
  }
  if (decided.empty()) return error;
  check.ask(decided);
  const std::vector<SplitCheck::Answer> answers = check.answers(decided);
  const bool are_found =
      std::all_of(decided.begin(), decided.end(), [&](const SplitAssignment& split) {
        return std::any_of(answers.begin(), answers.end(), [&](const SplitCheck::Answer& answer) {
          return answer.split == split.split && !answer.is_same;
        });
      });
  if (are_found) return error;
  error.retry = Retry::never;
  error.message +=
      "; checkpoints were decided since, while its server did not answer: records may be missing "
      "from them, and the next start goes on behind those";
  return error;
}

}  // namespace sluice
