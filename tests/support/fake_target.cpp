#include "support/fake_target.hpp"

#include <iterator>
#include <new>
#include <utility>

namespace sluice::test {

class FakePublisher final : public Publisher {
 public:
  FakePublisher(FakeTarget& target, PublisherIds ids) : target_(target), ids_(std::move(ids)) {}

  Result<std::string> identity() override {
    const std::lock_guard lock(target_.mutex_);
    SLUICE_TRY(target_.check_up());
    return target_.identity_;
  }

  std::string marker_place() const override { return "marker of " + ids_.target_id; }

  // Shows the state before a commit that hangs, as a plain SELECT does.
  Result<std::optional<Marker>> look() override {
    const std::lock_guard lock(target_.mutex_);
    SLUICE_TRY(target_.check_up());
    return target_.marker_;
  }

  Result<Marker> claim(const std::optional<Marker>&) override {
    const std::lock_guard lock(target_.mutex_);
    SLUICE_TRY(target_.check_up());
    target_.settle_pending();
    if (!target_.marker_) target_.marker_ = Marker{ids_.uid, ids_.owner, Epoch()};
    if (is_unused(*target_.marker_)) target_.marker_->uid = ids_.uid;
    target_.marker_->owner = ids_.owner;
    return *target_.marker_;
  }

  Result<PublishOutcome> publish(const PublishRequest& request) override {
    const std::lock_guard lock(target_.mutex_);
    if (must_resolve_) ++target_.unresolved_publishes_;
    SLUICE_TRY(target_.check_up());
    if (target_.marker_->owner != ids_.owner) return fail(ErrorCode::fenced, "fenced");
    if (target_.marker_->epoch != request.after.epoch ||
        target_.marker_->checksum != request.after.checksum) {
      return fail(ErrorCode::target_refused, "the marker is not `after`");
    }
    const TargetFault fault = target_.next_fault();
    if (fault == TargetFault::down) return fail_retriable(ErrorCode::connection_failed, "down");
    if (fault == TargetFault::throws) throw std::bad_alloc();
    if (fault == TargetFault::refused) return fail(ErrorCode::publish_failed, "refused");
    FakeTarget::Pending commit;
    SLUICE_ASSIGN(commit, read(request));
    return finish(fault, std::move(commit));
  }

  Result<Marker> resolve() override {
    const std::lock_guard lock(target_.mutex_);
    SLUICE_TRY(target_.check_up());
    target_.settle_pending();
    must_resolve_ = false;
    if (target_.marker_->owner != ids_.owner) return fail(ErrorCode::fenced, "fenced");
    return *target_.marker_;
  }

  Status write_through(uint32_t, std::string_view definition, std::string_view operation) override {
    const std::lock_guard lock(target_.mutex_);
    SLUICE_TRY(target_.check_up());
    held_.push_back({std::string(definition), std::string(operation), Epoch()});
    return {};
  }

  Status send() override {
    const std::lock_guard lock(target_.mutex_);
    SLUICE_TRY(target_.check_up());
    target_.unflushed_ += held_.size();
    std::move(held_.begin(), held_.end(), std::back_inserter(target_.rows_));
    held_.clear();
    return {};
  }

  Status flush() override {
    SLUICE_TRY(send());
    const std::lock_guard lock(target_.mutex_);
    target_.unflushed_ = 0;
    return {};
  }

 private:
  // The operations not yet written, and the marker that goes with them.
  Result<FakeTarget::Pending> read(const PublishRequest& request) {
    FakeTarget::Pending commit;
    std::vector<Reject> rejects;
    uint64_t index = 0;
    SLUICE_TRY(request.operations->rewind());
    while (true) {
      SLUICE_ASSIGN(const auto operation, request.operations->next());
      if (!operation) break;
      const uint64_t position = index++;
      const std::string bytes(operation->bytes);
      if (target_.rejects_ && target_.rejects_(bytes)) {
        rejects.push_back({position, operation->sink, bytes,
                           Error{ErrorCode::sink_rejected, "refused: " + bytes, Retry::never, {}}});
      } else if (position >= target_.operations_done_) {
        commit.rows.push_back({request.sinks[operation->sink], bytes, request.epoch});
      }
    }
    commit.marker = Marker{ids_.uid, ids_.owner, request.epoch, request.checksum};
    if (!rejects.empty()) {
      SLUICE_ASSIGN(commit.marker.rejects_checksum, request.rejects->replace(rejects));
    }
    return commit;
  }

  Result<PublishOutcome> finish(TargetFault fault, FakeTarget::Pending commit) {
    must_resolve_ = fault != TargetFault::none;
    switch (fault) {
      case TargetFault::lost_dropped:
        return PublishOutcome::unknown;
      case TargetFault::pending_applied:
      case TargetFault::pending_dropped:
        commit.applies = fault == TargetFault::pending_applied;
        target_.pending_ = std::move(commit);
        return PublishOutcome::unknown;
      case TargetFault::half_written: {
        const size_t half = commit.rows.size() / 2;
        if (target_.is_chunked_ && half > 0) {
          target_.rows_.insert(target_.rows_.end(), commit.rows.begin(),
                               commit.rows.begin() + static_cast<ptrdiff_t>(half));
          target_.operations_done_ += half;
          target_.marker_->has_begun = true;
        }
        return PublishOutcome::unknown;
      }
      default:
        target_.pending_ = std::move(commit);
        target_.pending_->applies = true;
        target_.settle_pending();
        return fault == TargetFault::none ? PublishOutcome::published : PublishOutcome::unknown;
    }
  }

  FakeTarget& target_;
  const PublisherIds ids_;
  std::vector<FakeTarget::Row> held_;  // written through, and not sent yet
  bool must_resolve_ = false;
};

Result<std::unique_ptr<Publisher>> FakeTarget::connect(const PublisherIds& ids) {
  return std::make_unique<FakePublisher>(*this, ids);
}

void FakeTarget::plan(std::vector<TargetFault> faults) {
  const std::lock_guard lock(mutex_);
  faults_.assign(faults.begin(), faults.end());
}

void FakeTarget::set_down(bool down) {
  const std::lock_guard lock(mutex_);
  is_down_ = down;
}

void FakeTarget::reject(std::function<bool(const std::string&)> predicate) {
  const std::lock_guard lock(mutex_);
  rejects_ = std::move(predicate);
}

void FakeTarget::set_chunked(bool chunked) {
  const std::lock_guard lock(mutex_);
  is_chunked_ = chunked;
}

std::vector<FakeTarget::Row> FakeTarget::rows() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}

std::optional<Marker> FakeTarget::marker() const {
  const std::lock_guard lock(mutex_);
  return marker_;
}

FakeTarget::Backup FakeTarget::back_up() const {
  const std::lock_guard lock(mutex_);
  return {rows_, marker_, operations_done_};
}

void FakeTarget::restore(Backup backup) {
  const std::lock_guard lock(mutex_);
  rows_ = std::move(backup.rows);
  marker_ = std::move(backup.marker);
  operations_done_ = backup.operations_done;
  pending_.reset();
}

uint64_t FakeTarget::unresolved_publishes() const {
  const std::lock_guard lock(mutex_);
  return unresolved_publishes_;
}

uint64_t FakeTarget::write_through_unflushed() const {
  const std::lock_guard lock(mutex_);
  return unflushed_;
}

Status FakeTarget::check_up() const {
  if (is_down_) return fail_retriable(ErrorCode::connection_failed, identity_ + " is down");
  return {};
}

// A commit that hangs holds its locks: whoever claims meanwhile fences it only if it fails.
void FakeTarget::settle_pending() {
  if (!pending_) return;
  Pending commit = std::move(*pending_);
  pending_.reset();
  if (!commit.applies) return;
  std::move(commit.rows.begin(), commit.rows.end(), std::back_inserter(rows_));
  marker_ = std::move(commit.marker);
  operations_done_ = 0;
}

TargetFault FakeTarget::next_fault() {
  if (faults_.empty()) return TargetFault::none;
  const TargetFault fault = faults_.front();
  faults_.pop_front();
  return fault;
}

}  // namespace sluice::test
