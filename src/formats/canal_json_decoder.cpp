#include "formats/canal_json_decoder.hpp"

#include <optional>

#include "data/bad_text.hpp"
#include "formats/canal_key_changes.hpp"
#include "formats/json_reader.hpp"
#include "formats/record_checks.hpp"

namespace sluice {

namespace {

// In the order in which JsonReader gives the envelope's values.
enum EnvelopeField : size_t {
  data_field,
  type_field,
  ddl_field,
  database_field,
  table_field,
  old_field
};
JsonReader::Envelope envelope() {
  return {.rows_key = "data",
          .other_keys = {"type", "isDdl", "database", "table", "old"},
          .strings_hold_json = true};
}

std::optional<RowKind> row_kind(const EnvelopeValue& type) {
  if (type.kind != EnvelopeValue::Kind::text) return std::nullopt;
  if (type.text == "INSERT") return RowKind::insert;
  if (type.text == "UPDATE") return RowKind::update_after;
  if (type.text == "DELETE") return RowKind::delete_row;
  return std::nullopt;
}

std::string describe_fault(const std::vector<EnvelopeValue>& values) {
  const EnvelopeValue& type = values[type_field];
  std::string fault = "not a Canal envelope: ";
  fault += type.kind == EnvelopeValue::Kind::text ? "`type` " + quoted_excerpt(type.text)
                                                  : std::string("no `type`");
  if (values[data_field].rows == 0) fault += ", no rows in `data`";
  if (values[data_field].has_bad_rows) fault += ", a row that is no object";
  return fault;
}

class CanalJsonDecoder : public Decoder {
 public:
  CanalJsonDecoder(std::shared_ptr<const ScanPlan> plan, CanalSettings settings)
      : plan_(std::move(plan)),
        settings_(std::move(settings)),
        collector_(plan_),
        reader_(*plan_, collector_, envelope()),
        key_changes_(plan_->scan()) {}

  Status decode(const RawBatch& raw, PartitionClock& clock, DecodeResult& result) override {
    collector_.start(raw, clock, result);
    has_key_changes_ = false;
    for (uint32_t i = 0; i < raw.records.size(); ++i) {
      collector_.start_record(i);
      if (Status decoded = decode_record(raw.records[i]); !decoded) {
        result.refused_record = i;
        return decoded;
      }
    }
    collector_.finish();
    if (has_key_changes_) key_changes_.drop_needless_deletions(result);
    reader_.release_large_buffers();
    return {};
  }

 private:
  Status decode_record(const RawRecord& record);
  Status finish_envelope(const RawRecord& record);
  Status finish_ddl();
  bool is_of_table() const;
  bool is_wanted(std::optional<RowKind> kind) const;
  Status commit_update(const RawRecord& record);

  const std::shared_ptr<const ScanPlan> plan_;
  const CanalSettings settings_;
  RowCollector collector_;
  JsonReader reader_;
  CanalKeyChanges key_changes_;
  bool has_key_changes_ = false;  // in this batch
  std::vector<EnvelopeValue> values_;
};

Status CanalJsonDecoder::decode_record(const RawRecord& record) {
  if (record.value_is_null) {
    collector_.fail_record(ErrorCode::decode_failed, "the record has a null value");
    return {};
  }
  if (record.value.size() > settings_.max_bytes) {
    collector_.fail_record(ErrorCode::record_too_large,
                           too_large_message(record.value.size(), settings_.max_bytes));
    return {};
  }
  const JsonFault fault = reader_.read_envelope(record.value, values_);
  if (!fault.empty()) {
    collector_.fail_record(ErrorCode::decode_failed, std::string(fault));
    return {};
  }
  return finish_envelope(record);
}

// `type` stands behind `data` in the envelope: only here is known what the staged rows mean.
Status CanalJsonDecoder::finish_envelope(const RawRecord& record) {
  if (values_[ddl_field].text == "true") return finish_ddl();
  const std::optional<RowKind> kind = row_kind(values_[type_field]);
  if (!is_wanted(kind)) {
    collector_.skip_record();
  } else if (!kind || values_[data_field].rows == 0 || values_[data_field].has_bad_rows) {
    collector_.fail_record(ErrorCode::decode_failed, describe_fault(values_));
  } else {
    if (!reader_.undeclared_field().empty()) {
      SLUICE_TRY(check_undeclared(plan_->scan(), reader_.undeclared_field()));
    }
    if (*kind == RowKind::update_after && key_changes_.may_be_in(values_[old_field].text))
      return commit_update(record);
    collector_.commit(*kind);
  }
  return {};
}

// Rows behind deletions of the rows that they were, where `old` has another key.
Status CanalJsonDecoder::commit_update(const RawRecord& record) {
  const std::vector<CanalKeyChanges::Row> rows = key_changes_.rows_of(record.value);
  if (rows.empty()) {
    collector_.commit(RowKind::update_after);
    return {};
  }
  collector_.discard();
  std::vector<RowKind> kinds;
  for (const CanalKeyChanges::Row& row : rows) {
    const std::string padded = row.json + std::string(Arena::padding_bytes, ' ');
    const JsonFault fault =
        reader_.read_row(collector_.keep_text(padded).substr(0, row.json.size()));
    if (!fault.empty()) {
      collector_.fail_record(ErrorCode::decode_failed, std::string(fault));
      return {};
    }
    collector_.stage_row();
    kinds.push_back(row.kind);
  }
  collector_.commit(kinds);
  has_key_changes_ = true;
  return {};
}

// TRUNCATE and DROP TABLE, which Canal calls ERASE, take rows away without naming them.
Status CanalJsonDecoder::finish_ddl() {
  const ScanSpec& scan = plan_->scan();
  const std::string_view type = values_[type_field].text;
  const bool empties = type == "TRUNCATE" || type == "ERASE";
  if (!empties || !is_of_table() || scan.ops != ChangelogOps::all ||
      scan.on_truncate == EmptiedTable::ignore) {
    collector_.skip_record();
    return {};
  }
  const std::string message = "table " + std::string(values_[database_field].text) + "." +
                              std::string(values_[table_field].text) + " was emptied (" +
                              std::string(type) +
                              "), and its rows that were read before still count: start afresh " +
                              "without them, or empty it by DELETE";
  if (scan.on_truncate == EmptiedTable::fail) {
    return fail(ErrorCode::decode_failed, message,
                "to go on all the same, set changelog.on_truncate to bad_record or ignore");
  }
  collector_.fail_record(ErrorCode::decode_failed, message);
  return {};
}

bool CanalJsonDecoder::is_of_table() const {
  const auto differs = [&](EnvelopeField field, const std::string& wanted) {
    return !wanted.empty() && values_[field].text != wanted;
  };
  return !differs(database_field, settings_.database) && !differs(table_field, settings_.table);
}

bool CanalJsonDecoder::is_wanted(std::optional<RowKind> kind) const {
  if (!is_of_table()) return false;
  return plan_->scan().ops == ChangelogOps::all || !kind || *kind == RowKind::insert;
}

}  // namespace

std::unique_ptr<Decoder> make_canal_json_decoder(std::shared_ptr<const ScanPlan> plan,
                                                 CanalSettings settings) {
  return std::make_unique<CanalJsonDecoder>(std::move(plan), std::move(settings));
}

}  // namespace sluice
