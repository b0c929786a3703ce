#include "dataflow/dead_letter.hpp"

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

}  // namespace

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
  letter.row.emplace();
  // JSON has a form for every value, so encoding a row cannot fail.
  static_cast<void>(make_json_encoder(*batch.schema(), {})->encode(batch, row, *letter.row));
  return letter;
}

DeadLetter dead_letter_of_record(const RawBatch& raw, size_t record, std::string step,
                                 Error error) {
  const RawRecord& bytes = raw.records[record];
  DeadLetter letter;
  letter.step = std::move(step);
  letter.error = std::move(error);
  letter.topic = raw.origin->stream;
  letter.partition = raw.origin->partition;
  letter.offset = bytes.offset;
  if (!bytes.value_is_null) letter.payload_base64 = to_base64(bytes.value);
  return letter;
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
