#include "dataflow/dead_letter.hpp"

#include <algorithm>

#include "base/base64.hpp"
#include "formats/json_encoder.hpp"

namespace sluice {

namespace {

Field text_field(const char* name) { return {name, Type{TypeKind::text}}; }
Field time_field(const char* name) { return {name, Type{TypeKind::timestamptz}}; }

// Builds the columns of dead_letter_schema row by row.
class EnvelopeBuilder {
 public:
  EnvelopeBuilder() {
    for (const Field& field : dead_letter_schema()->fields()) builders_.emplace_back(field.type);
  }

  void text(const std::string& value) { builders_[next_++].append_copy(value); }
  void text(const std::optional<std::string>& value) {
    if (value) return text(*value);
    null();
  }
  template <class T>
  void number(const std::optional<T>& value) {
    if (!value) return null();
    builders_[next_++].append<T>(*value);
  }
  void null() { builders_[next_++].append_null(); }
  void end_row() { next_ = 0; }

  RecordBatch finish(size_t rows) {
    std::vector<ColumnPtr> columns;
    for (ColumnBuilder& builder : builders_) columns.push_back(builder.finish());
    return RecordBatch(dead_letter_schema(), std::move(columns), rows);
  }

 private:
  std::vector<ColumnBuilder> builders_;
  size_t next_ = 0;
};

template <class T>
std::optional<T> when(bool is_known, T value) {
  return is_known ? std::optional<T>(value) : std::nullopt;
}

// Room for the fields of an envelope that are never long, with the names of all.
constexpr size_t small_fields_bytes = 2048;
constexpr size_t message_bytes = 8192;
// Of a row or message that is shown: it ends up in logs and on terminals.
constexpr size_t shown_bytes = 1000;

bool is_continuation(char byte) { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

// The first `bytes` at most, without a torn character.
std::string_view prefix_of(std::string_view text, size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && is_continuation(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

// The beginning of a JSON text as a JSON string of `bytes` at most.
std::string quoted_prefix(std::string_view json, size_t bytes) {
  std::string quoted = "\"";
  for (const char c : prefix_of(json, bytes / 2)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

void shorten(DeadLetter& letter, size_t bytes) {
  std::string& message = letter.error.message;
  if (message.size() > message_bytes) message = prefix_of(message, message_bytes);
  // A message may double when its quotes are escaped.
  const size_t taken = small_fields_bytes + 2 * (message_bytes + letter.step.size());
  const size_t room = bytes > taken ? bytes - taken : 0;
  const auto note = [&](const char* what, size_t size) {
    message += std::string(" (the letter holds only the beginning of the ") + what + " of " +
               std::to_string(size) + " bytes)";
  };
  if (letter.payload_base64 && letter.payload_base64->size() > room) {
    const size_t first_padding =
        std::min(letter.payload_base64->find('='), letter.payload_base64->size());
    note("record", first_padding * 3 / 4);
    letter.payload_base64->resize(room / 4 * 4);
  }
  if (letter.row && letter.row->size() > room) {
    note("row", letter.row->size());
    letter.row = quoted_prefix(*letter.row, room);
  }
}

SchemaPtr dead_letter_schema() {
  static const SchemaPtr schema =
      std::make_shared<Schema>(std::vector<Field>{text_field("pipeline"),
                                                  text_field("step"),
                                                  text_field("code"),
                                                  text_field("message"),
                                                  {"expression_position", Type{TypeKind::bigint}},
                                                  time_field("event_time"),
                                                  time_field("watermark"),
                                                  text_field("topic"),
                                                  {"partition", Type{TypeKind::integer}},
                                                  {"offset", Type{TypeKind::bigint}},
                                                  text_field("payload_base64"),
                                                  {"row", Type{TypeKind::jsonb}}});
  return schema;
}

DeadLetter dead_letter_of_row(const RecordBatch& batch, size_t row, std::string step, Error error) {
  DeadLetter letter;
  letter.step = std::move(step);
  letter.error = std::move(error);
  const RowMeta& meta = batch.meta();
  if (!meta.row_time.empty()) letter.event_time_us = meta.row_time[row];
  if (batch.seen(row) != not_behind) letter.watermark_us = batch.seen(row);
  if (meta.origin && !meta.offset.empty()) {
    letter.topic = meta.origin->stream;
    letter.partition = meta.origin->partition;
    letter.offset = meta.offset[row];
  }
  if (meta.has_source_row(row)) {
    letter.row = meta.source_row->values<std::string_view>()[row];
    return letter;
  }
  letter.row.emplace();
  // JSON has a form for every value, so encoding a row cannot fail.
  static_cast<void>(make_json_encoder(*batch.schema(), {})->encode(batch, row, *letter.row));
  return letter;
}

DeadLetter dead_letter_of_record(const RawBatch& raw, size_t record, std::string step, Error error,
                                 bool has_payload) {
  const RawRecord& bytes = raw.records[record];
  DeadLetter letter;
  letter.step = std::move(step);
  letter.error = std::move(error);
  letter.topic = raw.origin->stream;
  letter.partition = raw.origin->partition;
  letter.offset = bytes.offset;
  if (has_payload && !bytes.value_is_null) letter.payload_base64 = to_base64(bytes.value);
  return letter;
}

Error noted_error(const DeadLetter& letter) {
  Error error{letter.error.code, std::string(prefix_of(letter.error.message, shown_bytes)),
              letter.error.retry, letter.error.advice};
  error.place = RecordPlace{"step", letter.step, letter.topic, letter.partition, letter.offset, {}};
  return error;
}

Error stopping_error(DeadLetter letter, const char* role) {
  RecordPlace place{role, std::move(letter.step), std::move(letter.topic), letter.partition,
                    letter.offset};
  if (letter.row) {
    place.row = prefix_of(*letter.row, shown_bytes);
    if (place.row.size() < letter.row->size())
      place.row += "… (" + std::to_string(letter.row->size()) + " bytes)";
  }
  letter.error.place = std::move(place);
  return std::move(letter.error);
}

RecordBatch dead_letter_batch(const std::string& pipeline, const std::vector<DeadLetter>& letters) {
  EnvelopeBuilder envelope;
  for (const DeadLetter& letter : letters) {
    envelope.text(pipeline);
    envelope.text(letter.step);
    envelope.text(error_code_text(letter.error.code));
    envelope.text(letter.error.message);
    envelope.number(when(letter.expression_position.has_value(),
                         static_cast<int64_t>(letter.expression_position.value_or(0))));
    envelope.number(letter.event_time_us);
    envelope.number(letter.watermark_us);
    envelope.text(when(!letter.topic.empty(), letter.topic));
    envelope.number(when(letter.offset >= 0, letter.partition));
    envelope.number(when(letter.offset >= 0, letter.offset));
    envelope.text(letter.payload_base64);
    envelope.text(letter.row);
    envelope.end_row();
  }
  return envelope.finish(letters.size());
}

}  // namespace sluice
