#include "formats/canal_json_decoder.hpp"

#include <optional>

#include "data/bad_text.hpp"
#include "formats/json_row_reader.hpp"
#include "formats/record_checks.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

// The fields of the envelope, in the order they are declared to ObjectFields.
enum EnvelopeField : int32_t { data_field, type_field, ddl_field, database_field, table_field };
constexpr std::string_view envelope_keys[] = {"data", "type", "isDdl", "database", "table"};

// What an envelope says beside its rows.
struct Envelope {
  bool has_data = false;
  bool is_ddl = false;
  bool is_other_table = false;
  bool is_malformed = false;  // a field of the envelope, or a row, has the wrong kind of value
  std::string type;

  void clear() {
    has_data = is_ddl = is_other_table = is_malformed = false;
    type.clear();
  }
};

std::optional<RowKind> row_kind(std::string_view type) {
  if (type == "INSERT") return RowKind::insert;
  if (type == "UPDATE") return RowKind::update_after;
  if (type == "DELETE") return RowKind::delete_row;
  return std::nullopt;
}

std::string describe_fault(const Envelope& envelope) {
  std::string fault = "not a Canal envelope: ";
  fault += envelope.type.empty() ? "no `type`" : "`type` " + quoted_excerpt(envelope.type);
  if (!envelope.has_data) fault += ", no rows in `data`";
  if (envelope.is_malformed) fault += ", a field or row of the wrong kind";
  return fault;
}

class CanalJsonDecoder : public Decoder {
 public:
  CanalJsonDecoder(std::shared_ptr<const ScanPlan> plan, CanalSettings settings)
      : plan_(std::move(plan)),
        settings_(std::move(settings)),
        collector_(plan_),
        reader_(*plan_, collector_, true) {
    for (const std::string_view key : envelope_keys) fields_.add(key);
  }

  Status decode(const RawBatch& raw, PartitionClock& clock, DecodeResult& result) override {
    collector_.start(raw, clock, result);
    for (uint32_t i = 0; i < raw.records.size(); ++i) {
      collector_.start_record(i);
      decode_record(raw.records[i]);
      if (!undeclared_field_.empty()) {
        SLUICE_TRY(check_undeclared(plan_->scan(), undeclared_field_));
      }
    }
    collector_.finish();
    parser_.release_large_buffers();
    return {};
  }

 private:
  void decode_record(const RawRecord& record);
  void finish_envelope();
  error_code read(std::string_view bytes);
  error_code read_envelope_field(EnvelopeField field, ondemand::value& value);
  error_code read_rows(ondemand::value& value);
  error_code read_text(ondemand::value& value, std::string_view& text);

  const std::shared_ptr<const ScanPlan> plan_;
  const CanalSettings settings_;
  RowCollector collector_;
  JsonParser parser_;
  JsonRowReader reader_;
  ObjectFields fields_;
  Envelope envelope_;
  const char* end_ = nullptr;
  std::string undeclared_field_;
};

void CanalJsonDecoder::decode_record(const RawRecord& record) {
  undeclared_field_.clear();
  if (record.value_is_null) return collector_.skip_record();
  if (record.value.size() > settings_.max_bytes) {
    return collector_.fail_record(ErrorCode::record_too_large,
                                  too_large_message(record.value.size(), settings_.max_bytes));
  }
  envelope_.clear();
  if (const error_code error = read(record.value)) {
    return collector_.fail_record(ErrorCode::decode_failed, broken_json_message(error));
  }
  finish_envelope();
}

// `type` stands behind `data` in the envelope: only here is known what the rows mean.
void CanalJsonDecoder::finish_envelope() {
  const std::optional<RowKind> kind = row_kind(envelope_.type);
  const bool is_unwanted = plan_->scan().ops == ChangelogOps::insert_only && kind &&
                           *kind != RowKind::insert && !envelope_.is_malformed;
  if (envelope_.is_ddl || envelope_.is_other_table || is_unwanted) {
    undeclared_field_.clear();
    return collector_.skip_record();
  }
  if (envelope_.is_malformed || !kind || !envelope_.has_data) {
    return collector_.fail_record(ErrorCode::decode_failed, describe_fault(envelope_));
  }
  collector_.commit(*kind);
}

error_code CanalJsonDecoder::read(std::string_view bytes) {
  end_ = bytes.data() + bytes.size();
  ondemand::object root;
  if (const error_code error = parser_.open(bytes, root)) return error;
  fields_.start_object();
  for (auto item : root) {
    if (const error_code error = item.error()) return error;
    ondemand::field&& field = std::move(item).value_unsafe();
    const char* raw_key = field.key().raw();
    const int32_t index = fields_.match(raw_key, static_cast<size_t>(end_ - raw_key));
    if (index == ObjectFields::not_wanted) continue;
    if (!fields_.take(fields_[static_cast<size_t>(index)])) continue;
    const error_code error = read_envelope_field(static_cast<EnvelopeField>(index), field.value());
    if (error) return error;
  }
  return parser_.check_end();
}

error_code CanalJsonDecoder::read_envelope_field(EnvelopeField field, ondemand::value& value) {
  if (field == data_field) return read_rows(value);
  if (field == ddl_field) {
    envelope_.is_ddl = value.raw_json_token().starts_with("true");
    return simdjson::SUCCESS;
  }
  std::string_view text;
  if (const error_code error = read_text(value, text)) return error;
  switch (field) {
    case type_field:
      envelope_.type = text;
      break;
    case database_field:
      if (!settings_.database.empty() && text != settings_.database) {
        envelope_.is_other_table = true;
      }
      break;
    case table_field:
      if (!settings_.table.empty() && text != settings_.table) envelope_.is_other_table = true;
      break;
    default:
      break;
  }
  return simdjson::SUCCESS;
}

// A string, or null as the empty one.
error_code CanalJsonDecoder::read_text(ondemand::value& value, std::string_view& text) {
  const std::string_view token = value.raw_json_token();
  if (token.starts_with("null")) return simdjson::SUCCESS;
  if (token.starts_with('"')) return value.get_string().get(text);
  envelope_.is_malformed = true;
  return simdjson::SUCCESS;
}

error_code CanalJsonDecoder::read_rows(ondemand::value& value) {
  const std::string_view token = value.raw_json_token();
  if (token.starts_with("null")) return simdjson::SUCCESS;
  if (!token.starts_with('[')) {
    envelope_.is_malformed = true;
    return simdjson::SUCCESS;
  }
  ondemand::array rows;
  if (const error_code error = value.get_array().get(rows)) return error;
  for (auto element : rows) {
    if (const error_code error = element.error()) return error;
    ondemand::value&& row = std::move(element).value_unsafe();
    if (!row.raw_json_token().starts_with('{')) {
      envelope_.is_malformed = true;
      continue;
    }
    ondemand::object object;
    if (const error_code error = row.get_object().get(object)) return error;
    collector_.start_row();
    if (const error_code error = reader_.read(object, end_)) return error;
    if (undeclared_field_.empty()) undeclared_field_ = reader_.undeclared_field();
    collector_.stage_row();
    envelope_.has_data = true;
  }
  return simdjson::SUCCESS;
}

}  // namespace

std::unique_ptr<Decoder> make_canal_json_decoder(std::shared_ptr<const ScanPlan> plan,
                                                 CanalSettings settings) {
  return std::make_unique<CanalJsonDecoder>(std::move(plan), std::move(settings));
}

}  // namespace sluice
