#include "runtime/split_guard.hpp"

namespace sluice {

namespace {

// Whether there is nothing to compare `now` with: nothing had been read before, or what is read now
// is not meant to follow it.
bool is_first(const SplitPosition& before, const SplitPosition& now) {
  return before.last_timestamp_us < 0 || before.restarted != now.restarted;
}

SplitAssignment at(const SavedSplit& split, const SplitPosition& position) {
  return {std::make_shared<const Origin>(split.split), position};
}

}  // namespace

SplitGuard::SplitGuard(const StreamGraph& graph, const std::vector<SavedSplit>& restored) {
  for (const SourceInput& source : graph.sources) {
    if (auto check = source.description->make_check())
      checks_.emplace(source.identity, std::move(check));
  }
  for (const SavedSplit& split : restored) known_[key_of(split)] = {split.position, split.position};
}

Status SplitGuard::confirm(const std::vector<SavedSplit>& splits) {
  for (const auto& [source, check] : checks_) {
    std::vector<const SavedSplit*> moved;
    for (const SavedSplit& split : splits) {
      if (split.source != source) continue;
      Known& known = known_[key_of(split)];
      if (is_first(known.confirmed, split.position)) {
        known = {split.position, split.position};
      } else if (split.position.next_offset != known.confirmed.next_offset) {
        moved.push_back(&split);
      }
    }
    if (!moved.empty()) SLUICE_TRY(confirm_source(*check, moved));
  }
  return {};
}

Status SplitGuard::confirm_source(SplitCheck& check, const std::vector<const SavedSplit*>& moved) {
  std::vector<SplitAssignment> read;
  for (const SavedSplit* split : moved)
    read.push_back(at(*split, known_.at(key_of(*split)).confirmed));
  const Result<std::vector<bool>> confirmed = check.confirm(read);
  if (!confirmed) return fail(judge(check, moved, confirmed.error()));
  for (size_t i = 0; i < moved.size(); ++i) {
    Known& known = known_.at(key_of(*moved[i]));
    known.decided = moved[i]->position;
    if ((*confirmed)[i]) known.confirmed = moved[i]->position;
  }
  return {};
}

// A start compares what the last decided checkpoint has read last. Where that is of the new split
// already, the start would find nothing wrong.
Error SplitGuard::judge(SplitCheck& check, const std::vector<const SavedSplit*>& moved,
                        Error error) const {
  std::vector<SplitAssignment> decided;
  for (const SavedSplit* split : moved) {
    const Known& known = known_.at(key_of(*split));
    if (known.decided.next_offset != known.confirmed.next_offset)
      decided.push_back(at(*split, known.decided));
  }
  if (decided.empty() || !check.confirm(decided)) return error;
  error.retry = Retry::never;
  error.message +=
      "; checkpoints were decided since, while its server did not answer: records may be missing "
      "from them, and the next start goes on behind those";
  return error;
}

}  // namespace sluice
