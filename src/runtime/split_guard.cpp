#include "runtime/split_guard.hpp"

namespace sluice {

namespace {

// Nothing was read there: nothing can be compared.
bool is_empty(const SplitPosition& position) { return position.last_timestamp_us < 0; }

// Whether there is nothing to compare `now` with: nothing had been read before, or what is read now
// is not meant to follow it.
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

Status SplitGuard::confirm(const std::vector<SavedSplit>& splits) {
  for (const auto& [source, check] : checks_) {
    std::vector<Due> due;
    for (const SavedSplit& split : splits) {
      if (split.source != source) continue;
      Known& known = this->known(split);
      if (is_first(known.confirmed, split.position)) {
        known.confirmed = known.decided = split.position;
        known.is_in_doubt = false;
      } else if (split.position.next_offset != known.confirmed.next_offset || known.is_in_doubt ||
                 is_stale(known)) {
        due.push_back({&known, split.position});
      }
    }
    if (!due.empty()) SLUICE_TRY(confirm_source(*check, due));
  }
  return {};
}

bool SplitGuard::look() {
  bool is_in_doubt = false;
  for (const auto& [source, check] : checks_) {
    std::vector<SplitAssignment> read;
    std::vector<Known*> asked;
    for (auto& [key, known] : known_) {
      if (std::get<0>(key) != source || is_empty(known.confirmed) || !is_stale(known)) continue;
      read.push_back({known.origin, known.confirmed});
      asked.push_back(&known);
    }
    if (read.empty()) continue;
    const bool may_be_others = !check->confirm(read).has_value();
    for (Known* known : asked) {
      known->asked_us = clock_.monotonic_us();
      known->is_in_doubt = may_be_others;
    }
    is_in_doubt |= may_be_others;
  }
  return is_in_doubt;
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

Status SplitGuard::confirm_source(SplitCheck& check, const std::vector<Due>& due) {
  std::vector<SplitAssignment> read;
  for (const Due& split : due) read.push_back({split.known->origin, split.known->confirmed});
  const Result<std::vector<bool>> confirmed = check.confirm(read);
  if (!confirmed) return fail(judge(check, due, confirmed.error()));
  for (size_t i = 0; i < due.size(); ++i) {
    Known& known = *due[i].known;
    known.asked_us = clock_.monotonic_us();
    known.is_in_doubt = false;
    known.decided = due[i].now;
    if ((*confirmed)[i]) known.confirmed = due[i].now;
  }
  return {};
}

// A start compares what the last decided checkpoint has read last. Where that is of the new split
// already, the start would find nothing wrong.
Error SplitGuard::judge(SplitCheck& check, const std::vector<Due>& due, Error error) {
  std::vector<SplitAssignment> decided;
  for (const Due& split : due) {
    const Known& known = *split.known;
    if (known.decided.next_offset != known.confirmed.next_offset)
      decided.push_back({known.origin, known.decided});
  }
  if (decided.empty() || !check.confirm(decided)) return error;
  error.retry = Retry::never;
  error.message +=
      "; checkpoints were decided since, while its server did not answer: records may be missing "
      "from them, and the next start goes on behind those";
  return error;
}

}  // namespace sluice
