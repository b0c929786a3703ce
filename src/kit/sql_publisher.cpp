#include "kit/sql_publisher.hpp"

#include <charconv>

#include "kit/held_operations.hpp"
#include "kit/marker_rules.hpp"

namespace sluice {

namespace {

constexpr const char* way_out =
    "mend the table or the user's rights and start again: the epoch is kept and is published first";

uint64_t parse_u64(const std::string& text) {
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// As much of a row as a message takes, in whole characters.
std::string beginning_of(const std::string& row) {
  size_t end = 1'000;
  if (row.size() <= end) return row;
  while (end > 0 && (static_cast<uint8_t>(row[end]) & 0xC0) == 0x80) --end;
  return row.substr(0, end) + "...";
}

Status as_status(SqlResult<void> result) {
  if (!result) return fail(std::move(result).error().error);
  return {};
}

class SqlPublisher final : public Publisher {
 public:
  SqlPublisher(const PublisherRequest& request, std::unique_ptr<SqlTarget> target)
      : environment_(request.environment), ids_(request.ids), target_(std::move(target)) {}

  Result<std::string> identity() override {
    SLUICE_TRY(target_->connect());
    return target_->identity();
  }

  std::string marker_place() const override {
    return "row " + ids_.target_id + " of table " + table().name;
  }

  Result<std::optional<Marker>> look() override {
    SLUICE_TRY(target_->connect());
    auto exists = target_->query(table().exists, {});
    if (!exists) return fail(std::move(exists).error().error);
    if (exists->rows.empty()) return std::optional<Marker>();
    return read_marker(table().select);
  }

  Result<Marker> claim(const std::optional<Marker>& expected) override {
    SLUICE_TRY(target_->connect());
    if (!expected) SLUICE_TRY(run(table().create));
    SLUICE_TRY(run(target_->begin()));
    SLUICE_ASSIGN(const std::optional<Marker> found, lock_marker());
    Result<Marker> marker = claim_marker(ids_, found, expected);
    if (!marker) {
      roll_back();
      return marker;
    }
    const std::string& sql = found ? table().set_owner : table().insert;
    if (auto written = target_->query(sql, {ids_.target_id, ids_.owner, ids_.uid}); !written)
      return fail(std::move(written).error().error);
    SLUICE_TRY(as_status(target_->commit()));
    return marker;
  }

  Result<PublishOutcome> publish(const PublishRequest& request) override {
    SLUICE_TRY(target_->connect());
    is_committing_ = false;
    auto committed = write_epoch(request);
    if (committed) return PublishOutcome::published;
    SqlFailure failure = std::move(committed).error();
    if (is_committing_) {
      target_->disconnect();
      return PublishOutcome::unknown;
    }
    if (failure.is_connection_lost()) {
      target_->disconnect();
    } else {
      roll_back();
    }
    if (failure.is_conflict) failure.error.retry = Retry::later;
    const bool is_final =
        failure.error.retry == Retry::never && failure.error.code == ErrorCode::publish_failed;
    if (is_final && failure.error.advice.empty()) failure.error.advice = way_out;
    return fail(std::move(failure.error));
  }

  Result<Marker> resolve() override {
    SLUICE_TRY(target_->connect());
    SLUICE_TRY(run(target_->begin()));
    SLUICE_ASSIGN(const std::optional<Marker> marker, lock_marker());
    SLUICE_TRY(as_status(target_->commit()));
    return own_marker(ids_, marker);
  }

  Status write_through(uint32_t sink, std::string_view definition,
                       std::string_view operation) override {
    held_.add(sink, definition, operation);
    return held_.is_full() ? flush() : Status{};
  }

  // Whatever is sent is a transaction, and acknowledged.
  Status send() override { return flush(); }

  Status flush() override {
    if (held_.is_empty()) return {};
    SLUICE_TRY(target_->connect());
    SLUICE_ASSIGN(const auto writer, target_->make_writer(held_.definitions()));
    SLUICE_TRY(held_.rewind());
    SLUICE_TRY(run("BEGIN"));
    if (Status written = as_status(writer->write(held_)); !written) {
      target_->disconnect();
      return written;
    }
    if (!writer->rejects().empty()) {
      target_->disconnect();
      return fail(refused(writer->rejects().front()));
    }
    SLUICE_TRY(as_status(target_->commit()));
    held_.clear();
    return {};
  }

 private:
  const SqlMarkerTable& table() const { return target_->marker_table(); }

  Status run(const std::string& sql) { return as_status(target_->run(sql)); }

  // Best effort: a connection that is lost rolls back by itself.
  void roll_back() { static_cast<void>(target_->run("ROLLBACK")); }

  // At-least-once has no dead letters for what was handed to the target already.
  Error refused(const Reject& reject) const {
    Error error = reject.error;
    error.message = target_->place_of(held_.definitions()[reject.sink]) + ", row " +
                    beginning_of(reject.row) + ": " + error.message;
    error.advice = "mend the table or leave such rows out; with exactly_once they are dead letters";
    return error;
  }

  Result<std::optional<Marker>> read_marker(const std::string& sql) {
    auto found = target_->query(sql, {ids_.target_id});
    if (!found) return fail(std::move(found).error().error);
    if (found->rows.empty()) return std::optional<Marker>();
    const auto text = [&](size_t column) { return found->rows.front()[column].value_or(""); };
    return Marker{text(0), text(1), Epoch(parse_u64(text(2))), parse_u64(text(3)),
                  parse_u64(text(4))};
  }

  // Inside a transaction. When the row stays locked, says by whom.
  Result<std::optional<Marker>> lock_marker() {
    auto marker = read_marker(table().select_locked);
    if (marker) return marker;
    roll_back();
    Error error = std::move(marker).error();
    const std::string holders = target_->lock_holders();
    if (!holders.empty()) error.message += "; " + table().name + " is locked by process " + holders;
    error.retry = Retry::later;
    return fail(std::move(error));
  }

  SqlResult<void> hit(const Failpoint& point) {
    Status status = environment_.failpoints->hit(point);
    if (!status) return sql_failure(std::move(status).error());
    return {};
  }

  SqlResult<void> move_marker(const PublishRequest& request) {
    auto moved = target_->query(table().move, {ids_.target_id, std::to_string(request.epoch.value),
                                               std::to_string(request.checksum), ids_.owner,
                                               std::to_string(request.after.epoch.value),
                                               std::to_string(request.after.checksum)});
    if (!moved) return tl::unexpected(std::move(moved).error());
    if (moved->changed == 1) return {};
    return sql_failure(why_not_moved(request.after));
  }

  Error why_not_moved(const Marker& after) {
    const Result<std::optional<Marker>> shown = read_marker(table().select);
    if (!shown) return shown.error();
    if (!*shown) return fenced(ids_);
    const Result<Marker> own = own_marker(ids_, *shown);
    if (!own) return own.error();
    const Status follows = check_follows(ids_, *own, after);
    if (!follows) return follows.error();
    return {ErrorCode::publish_failed,
            "the marker of " + ids_.target_id + " moved while it was written",
            Retry::later,
            {}};
  }

  SqlResult<void> write_epoch(const PublishRequest& request) {
    const SqlFailpoints& points = target_->failpoints();
    auto writer = target_->make_writer(request.sinks);
    if (!writer) return sql_failure(std::move(writer).error());
    if (Status rewound = request.operations->rewind(); !rewound)
      return sql_failure(rewound.error());
    if (auto begun = target_->run(target_->begin()); !begun) return begun;
    if (auto moved = move_marker(request); !moved) return moved;
    if (auto passed = hit(points.after_marker); !passed) return passed;
    if (auto written = (*writer)->write(*request.operations); !written) return written;
    if (auto passed = hit(points.after_rows); !passed) return passed;
    if (auto noted = note_rejects(request, (*writer)->rejects()); !noted) return noted;
    return commit();
  }

  SqlResult<void> note_rejects(const PublishRequest& request, const std::vector<Reject>& rejects) {
    if (rejects.empty()) return {};
    Result<uint64_t> checksum = request.rejects->replace(rejects);
    if (!checksum) return sql_failure(std::move(checksum).error());
    auto noted = target_->query(table().set_rejects, {ids_.target_id, std::to_string(*checksum)});
    if (!noted) return tl::unexpected(std::move(noted).error());
    return hit(target_->failpoints().after_rejects);
  }

  // From here on a failure is no definite answer, unless the server says that it rolled back.
  SqlResult<void> commit() {
    is_committing_ = true;
    auto committed = target_->commit();
    if (!committed) {
      is_committing_ = committed.error().is_connection_lost();
      return committed;
    }
    return hit(target_->failpoints().after_commit);
  }

  Environment environment_;
  PublisherIds ids_;
  std::unique_ptr<SqlTarget> target_;
  HeldOperations held_;
  bool is_committing_ = false;
};

}  // namespace

std::unique_ptr<Publisher> make_sql_publisher(const PublisherRequest& request,
                                              std::unique_ptr<SqlTarget> target) {
  return std::make_unique<SqlPublisher>(request, std::move(target));
}

}  // namespace sluice
