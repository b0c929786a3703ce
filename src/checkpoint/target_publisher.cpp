#include "checkpoint/target_publisher.hpp"

#include "base/assert.hpp"
#include "checkpoint/reject_letters.hpp"
#include "storage/state_folder.hpp"

namespace sluice {

Result<std::optional<Marker>> TargetPublisher::look() {
  SLUICE_ASSIGN(marker_, publisher_->look());
  return marker_;
}

Status TargetPublisher::claim() {
  SLUICE_ASSIGN(marker_, publisher_->claim(marker_));
  return {};
}

std::string TargetPublisher::rejects_path(Epoch epoch) const {
  return description_.folder + "/" + rejects_name(epoch, description_.target);
}

Result<std::vector<DeadLetter>> TargetPublisher::load_rejects(Epoch folded) {
  SLUICE_ASSERT(marker_.has_value(), "rejects are loaded after the claim");
  folded_ = folded;
  Filesystem& filesystem = *environment_.filesystem;
  std::vector<DeadLetter> letters;
  SLUICE_ASSIGN(const auto names, filesystem.list(description_.folder));
  for (const std::string& name : names) {
    const auto file = parse_state_file_name(name);
    if (!file || file->kind != StateFileName::Kind::rejects || file->target != target()) continue;
    if (file->epoch <= folded || file->epoch >= marker_->epoch) continue;
    // Settled before a later epoch was published: the file is of the attempt that won.
    SLUICE_ASSIGN(const auto rejects,
                  read_rejects(filesystem, description_.folder + "/" + name, 0));
    for (const StoredReject& reject : rejects) letters.push_back(letter_of(reject));
  }
  SLUICE_ASSIGN(auto last, settle(marker_->epoch));
  std::move(last.begin(), last.end(), std::back_inserter(letters));
  return letters;
}

Result<std::vector<DeadLetter>> TargetPublisher::settle(Epoch epoch) {
  SLUICE_ASSIGN(auto letters, settle_rejects(*environment_.filesystem, rejects_path(epoch),
                                             epoch > folded_ ? marker_->rejects_checksum : 0));
  return letters;
}

Status TargetPublisher::resolve() {
  if (!is_uncertain_) return {};
  SLUICE_ASSIGN(marker_, publisher_->resolve());
  is_uncertain_ = false;
  return environment_.failpoints->hit(Failpoint::publish_after_resolve);
}

Result<std::vector<DeadLetter>> TargetPublisher::publish(const DecidedSpool& spool) {
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::publish_before));
  SLUICE_TRY(resolve());
  const SpoolDecision decision = decide_spool(*marker_, description_.owner, spool.facts);
  if (const auto* refusal = std::get_if<Refuse>(&decision)) {
    return fail(refusal->error.code, target() + ": " + refusal->error.message);
  }
  if (std::holds_alternative<PublishNow>(decision)) SLUICE_TRY(attempt(spool));
  return settle(spool.facts.point.epoch);
}

// What ends the run is read far from the log line that names target and epoch.
Error TargetPublisher::with_epoch(Error error, Epoch epoch) const {
  if (error.retry == Retry::later || error.code != ErrorCode::publish_failed) return error;
  error.message =
      "target " + target() + ", epoch " + std::to_string(epoch.value) + ": " + error.message;
  return error;
}

Status TargetPublisher::attempt(const DecidedSpool& spool) {
  const Epoch epoch = spool.facts.point.epoch;
  if (attempted_ == epoch) republished_.fetch_add(1);
  attempted_ = epoch;
  SLUICE_ASSIGN(const auto reader, SpoolReader::open(*environment_.filesystem, spool.path));
  FileRejectLog rejects(*environment_.filesystem, rejects_path(epoch), epoch,
                        reader->header().sinks);
  PublishRequest request;
  request.after = *marker_;
  request.epoch = epoch;
  request.checksum = spool.facts.point.checksum;
  for (const SpoolSink& sink : reader->header().sinks) request.sinks.push_back(sink.definition);
  request.operations = reader.get();
  request.rejects = &rejects;
  is_uncertain_ = true;
  const Result<PublishOutcome> outcome = publisher_->publish(request);
  if (!outcome) return fail(with_epoch(outcome.error(), epoch));
  if (*outcome == PublishOutcome::unknown) {
    return fail_retriable(
        ErrorCode::publish_failed,
        "target " + target() + " gave no definite answer for epoch " + std::to_string(epoch.value));
  }
  SLUICE_TRY(environment_.failpoints->hit(Failpoint::publish_after));
  marker_ = Marker{marker_->uid, marker_->owner, epoch, request.checksum, rejects.checksum()};
  is_uncertain_ = false;
  return {};
}

}  // namespace sluice
