#include "formats/envelope_decoder.hpp"

#include <algorithm>

#include "formats/json_reader.hpp"
#include "formats/key_changes.hpp"
#include "formats/record_decoder.hpp"
#include "formats/record_key.hpp"

namespace sluice {

namespace {

using Kind = Change::Kind;

// What one table part must be.
struct WantedPart {
  size_t field;
  std::string text;
};

std::vector<WantedPart> wanted_parts(const EnvelopeFormat& format, const Options& options) {
  std::vector<WantedPart> wanted;
  for (const TablePart& part : format.table_parts) {
    if (!options.has(part.option) || options.text(part.option).empty()) continue;
    wanted.push_back({part.field, options.text(part.option)});
  }
  return wanted;
}

// Whether a column is read from the envelope, or computed from one that is.
bool needs_envelope(const ScanSpec& scan, const ScanColumn& column) {
  if (!column.computed) return is_in_envelope(column);
  const auto read = columns_of(*column.computed);
  return std::any_of(read.begin(), read.end(),
                     [&](size_t other) { return needs_envelope(scan, scan.columns[other]); });
}

// Of a row nothing but the key need be there, and the row has all of it.
bool key_suffices(const ScanPlan& plan) {
  const ScanSpec& scan = plan.scan();
  const std::vector<std::string>& key = scan.key_fields;
  if (scan.time_origin == TimeOrigin::event_column || key.empty()) return false;
  return std::all_of(scan.columns.begin(), scan.columns.end(), [&](const ScanColumn& column) {
    const bool is_key = std::find(key.begin(), key.end(), column.name) != key.end();
    return is_key ? !needs_envelope(scan, column) : !column.required;
  });
}

class EnvelopeDecoder final : public RecordDecoder<EnvelopeDecoder> {
 public:
  EnvelopeDecoder(std::shared_ptr<const ScanPlan> plan,
                  std::shared_ptr<const EnvelopeFormat> format, const Options& options)
      : RecordDecoder(std::move(plan), static_cast<size_t>(options.bytes("max_bytes"))),
        format_(std::move(format)),
        wanted_parts_(wanted_parts(*format_, options)),
        envelope_(format_->make(*plan_, options)),
        reader_(*plan_, collector_, format_->shape, envelope_->value_forms()),
        key_changes_(plan_->scan()),
        reads_tombstones_(format_->shape.has_tombstones && wanted_parts_.empty() &&
                          plan_->scan().ops == ChangelogOps::all && key_suffices(*plan_)) {}

  void start_batch(DecodeResult& result) {
    result_ = &result;
    has_key_changes_ = false;
  }
  Status take_record(const RawRecord& record);
  Status take_null(const RawRecord& record) {
    return format_->shape.has_tombstones ? take_tombstone(record)
                                         : RecordDecoder::take_null(record);
  }
  void finish_batch(DecodeResult& result) {
    if (has_key_changes_) key_changes_.drop_needless_deletions(result);
    reader_.release_large_buffers();
  }

 private:
  Status take_change(const RawRecord& record, const Change& change);
  Status take_tombstone(const RawRecord& record);
  Status take_emptying();
  Status commit_update(const RawRecord& record, const Change& change);
  Status commit_rows(const std::vector<KeyChanges::Row>& rows);
  void commit_deletion();
  bool is_of_table() const;
  std::string table_name() const;

  const std::shared_ptr<const EnvelopeFormat> format_;
  const std::vector<WantedPart> wanted_parts_;
  const std::unique_ptr<Envelope> envelope_;
  JsonReader reader_;
  KeyChanges key_changes_;
  RecordKey record_key_;
  const bool reads_tombstones_;
  DecodeResult* result_ = nullptr;
  bool has_key_changes_ = false;  // in this batch
  EnvelopeValues values_;
};

Status EnvelopeDecoder::take_record(const RawRecord& record) {
  const JsonFault fault = reader_.read_envelope(record.value, values_);
  if (!fault.empty()) return fail_record(std::string(fault));
  const Change change = envelope_->read(values_);
  if (change.kind == Kind::emptied) return take_emptying();
  const bool is_left_out = plan_->scan().ops != ChangelogOps::all &&
                           (change.kind == Kind::update || change.kind == Kind::deletion);
  if (change.kind == Kind::none || is_left_out || !is_of_table()) {
    collector_.skip_record();
    return {};
  }
  return take_change(record, change);
}

Status EnvelopeDecoder::take_change(const RawRecord& record, const Change& change) {
  const JsonFault fault = reader_.read_rows(record.value, change.image, values_);
  if (!fault.empty()) return fail_record(std::string(fault));
  const EnvelopeValue& image = values_[change.image];
  if (change.kind == Kind::unknown || image.rows == 0 || image.has_bad_rows) {
    return fail_record(envelope_->fault(values_));
  }
  if (!reader_.undeclared_field().empty()) {
    SLUICE_TRY(check_undeclared(plan_->scan(), reader_.undeclared_field()));
  }
  if (change.kind == Kind::update) return commit_update(record, change);
  if (change.kind == Kind::deletion) {
    commit_deletion();
  } else {
    collector_.commit(RowKind::insert);
  }
  return {};
}

// Rows behind deletions of the rows that they were, where those had another key.
Status EnvelopeDecoder::commit_update(const RawRecord& record, const Change& change) {
  const EnvelopeValue& former = values_[*change.former];
  const bool is_shown = former.kind == EnvelopeValue::Kind::rows;
  const std::string& advice = format_->shape.advice_for_unknown_key;
  if (!advice.empty()) {
    const KeyFields unknown =
        is_shown ? key_changes_.unknown_in(former.text) : key_changes_.fields();
    if (!unknown.empty() && record_key_.lacks(record, unknown)) {
      return fail_record("an update that does not show the former key, which may be another one: " +
                         advice);
    }
  }
  if (is_shown && key_changes_.may_be_in(former.text)) {
    const auto rows = key_changes_.rows_of(values_[change.image].text, former.text,
                                           format_->shape.images_are_lists);
    if (!rows.empty()) return commit_rows(rows);
  }
  collector_.commit(RowKind::update_after);
  return {};
}

Status EnvelopeDecoder::commit_rows(const std::vector<KeyChanges::Row>& rows) {
  collector_.discard();
  std::vector<RowKind> kinds;
  for (const KeyChanges::Row& row : rows) {
    const std::string padded = row.json + std::string(Arena::padding_bytes, ' ');
    const std::string_view kept = collector_.keep_text(padded).substr(0, row.json.size());
    const JsonFault fault = reader_.read_row(kept, true);
    if (!fault.empty()) return fail_record(std::string(fault));
    collector_.stage_row();
    kinds.push_back(row.kind);
  }
  collector_.commit(kinds);
  has_key_changes_ = true;
  return {};
}

void EnvelopeDecoder::commit_deletion() {
  const size_t before = result_->failures.size();
  collector_.commit(RowKind::delete_row);
  const std::string& advice = format_->shape.advice_for_bare_deletion;
  if (advice.empty()) return;
  for (size_t i = before; i < result_->failures.size(); ++i) {
    Error& error = result_->failures[i].error;
    const bool is_missing =
        error.code == ErrorCode::required_missing || error.code == ErrorCode::event_time_missing;
    if (is_missing) error.message += " in a deletion: " + advice;
  }
}

Status EnvelopeDecoder::take_tombstone(const RawRecord& record) {
  const std::optional<RecordKey::Row> key =
      reads_tombstones_ ? record_key_.row_of(record, key_changes_.fields()) : std::nullopt;
  if (!key) {
    collector_.skip_record();
    return {};
  }
  envelope_->start_key(key->schema);
  const std::string padded = std::string(key->json) + std::string(Arena::padding_bytes, ' ');
  const JsonFault fault =
      reader_.read_row(collector_.keep_text(padded).substr(0, key->json.size()));
  if (!fault.empty()) {
    return fail_record("the key of a record without a value: " + std::string(fault));
  }
  collector_.stage_row();
  collector_.commit(RowKind::delete_row);
  return {};
}

Status EnvelopeDecoder::take_emptying() {
  const ScanSpec& scan = plan_->scan();
  if (!is_of_table() || scan.ops != ChangelogOps::all || scan.on_truncate == EmptiedTable::ignore) {
    collector_.skip_record();
    return {};
  }
  const std::string message = "table " + table_name() + " was emptied (" +
                              envelope_->name_of_emptying(values_) +
                              "), and its rows that were read before still count: start afresh " +
                              "without them, or empty it by DELETE";
  if (scan.on_truncate == EmptiedTable::fail) {
    return fail(ErrorCode::decode_failed, message,
                "to go on all the same, set changelog.on_truncate to bad_record or ignore");
  }
  return fail_record(message);
}

bool EnvelopeDecoder::is_of_table() const {
  return std::all_of(wanted_parts_.begin(), wanted_parts_.end(),
                     [&](const WantedPart& part) { return values_[part.field].text == part.text; });
}

// shop.orders
std::string EnvelopeDecoder::table_name() const {
  std::string name;
  for (const TablePart& part : format_->table_parts) {
    const EnvelopeValue& value = values_[part.field];
    if (value.kind != EnvelopeValue::Kind::text) continue;
    if (!name.empty()) name += '.';
    name += value.text;
  }
  return name;
}

}  // namespace

std::unique_ptr<Decoder> make_envelope_decoder(std::shared_ptr<const ScanPlan> plan,
                                               std::shared_ptr<const EnvelopeFormat> format,
                                               const Options& options) {
  return std::make_unique<EnvelopeDecoder>(std::move(plan), std::move(format), options);
}

}  // namespace sluice
