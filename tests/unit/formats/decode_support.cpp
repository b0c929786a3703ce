#include "unit/formats/decode_support.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "config/document.hpp"
#include "data/column_text.hpp"

namespace sluice {

namespace {

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> keys;
  std::istringstream in(path);
  for (std::string key; std::getline(in, key, '.');) keys.push_back(key);
  return keys;
}

std::string row_text(const RecordBatch& batch, size_t row) {
  std::string text;
  for (size_t i = 0; i < batch.columns().size(); ++i) {
    if (i > 0) text += '|';
    if (batch.column(i).is_null(row)) {
      text += "NULL";
    } else {
      format_value(batch.column(i), row, TimeZone(), text);
    }
  }
  return text;
}

}  // namespace

const FormatRegistry& formats() {
  static const FormatRegistry registry = [] {
    FormatRegistry made;
    register_builtin_formats(made);
    return made;
  }();
  return registry;
}

Options read_options(const Format& format, const std::string& yaml) {
  Diagnostics diagnostics;
  const SourceText text("options.yaml", yaml);
  Options options = format.options().read(parse_yaml(text, diagnostics), "format", diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << yaml;
  return options;
}

ScanBuilder& ScanBuilder::column(const std::string& name, const std::string& type,
                                 const std::string& path) {
  ScanColumn column;
  column.name = name;
  column.type = *parse_type(type);
  column.path = split_path(path.empty() ? name : path);
  spec.columns.push_back(column);
  return *this;
}

ScanBuilder& ScanBuilder::unit(TimeUnit unit) {
  spec.columns.back().unit = unit;
  return *this;
}

ScanBuilder& ScanBuilder::required() {
  spec.columns.back().required = true;
  return *this;
}

ScanBuilder& ScanBuilder::carried() {
  spec.columns.back().is_carried = true;
  return *this;
}

ScanBuilder& ScanBuilder::whole_rows() {
  for (size_t i = 0; i < spec.columns.size(); ++i) spec.whole_row.push_back(i);
  return *this;
}

ScanBuilder& ScanBuilder::meta(MetaColumn meta) {
  spec.columns.back().meta = meta;
  spec.columns.back().path.clear();
  return *this;
}

ScanBuilder& ScanBuilder::computed(ExpressionPtr expression) {
  spec.columns.back().computed = std::move(expression);
  spec.columns.back().path.clear();
  return *this;
}

ScanBuilder& ScanBuilder::output(size_t columns) {
  output_ = columns;
  return *this;
}

ScanBuilder& ScanBuilder::event_time(const std::string& column) {
  spec.time_origin = TimeOrigin::event_column;
  spec.event_time_column = index(column);
  return *this;
}

ScanBuilder& ScanBuilder::predicate(ExpressionPtr predicate) {
  spec.predicate = std::move(predicate);
  return *this;
}

size_t ScanBuilder::index(const std::string& column) const {
  for (size_t i = 0; i < spec.columns.size(); ++i) {
    if (spec.columns[i].name == column) return i;
  }
  ADD_FAILURE() << "no column " << column;
  return 0;
}

ExpressionPtr ScanBuilder::reference(const std::string& column) const {
  const size_t at = index(column);
  return column_reference(at, spec.columns[at].type);
}

ExpressionPtr ScanBuilder::compare(const std::string& column, const std::string& function,
                                   const std::string& literal) const {
  const std::vector<ExpressionPtr> arguments = {reference(column), text_literal(literal)};
  auto resolved = functions().resolve(FunctionForm::infix, function, arguments, {false, true}, 0);
  if (!resolved) ADD_FAILURE() << resolved.error().to_string();
  return *resolved;
}

ScanSpec ScanBuilder::build() const {
  ScanSpec built = spec;
  built.source = "events";
  built.output_columns = std::min(output_, spec.columns.size());
  std::vector<Field> fields;
  for (size_t i = 0; i < built.output_columns; ++i) {
    fields.push_back({spec.columns[i].name, spec.columns[i].type});
  }
  built.schema = std::make_shared<const Schema>(std::move(fields));
  return built;
}

const FunctionRegistry& functions() {
  static const FunctionRegistry registry = [] {
    FunctionRegistry made;
    register_builtin_functions(made);
    return made;
  }();
  return registry;
}

ExpressionPtr all_of(std::vector<ExpressionPtr> operands) {
  return std::make_shared<const Expression>(
      Type{TypeKind::boolean}, Conjunction{Conjunction::Kind::all, std::move(operands)});
}

ExpressionPtr any_of(std::vector<ExpressionPtr> operands) {
  return std::make_shared<const Expression>(
      Type{TypeKind::boolean}, Conjunction{Conjunction::Kind::any, std::move(operands)});
}

ExpressionPtr call(const std::string& infix, ExpressionPtr left, ExpressionPtr right) {
  auto resolved = functions().resolve(FunctionForm::infix, infix,
                                      {std::move(left), std::move(right)}, {false, false}, 0);
  if (!resolved) ADD_FAILURE() << resolved.error().to_string();
  return *resolved;
}

ExpressionPtr text_literal(const std::string& text) {
  return literal(Value::of(Type{TypeKind::text}, text));
}

RawBatch records(const std::vector<std::string>& values) {
  RawBatch raw;
  raw.origin = std::make_shared<const Origin>(Origin{"events", 3});
  raw.arena = std::make_shared<Arena>();
  size_t bytes = 0;
  for (const std::string& value : values) bytes += value.size();
  raw.arena->reserve(bytes);
  for (size_t i = 0; i < values.size(); ++i) {
    RawRecord record;
    record.value = raw.arena->copy(values[i]);
    record.value_is_null = false;
    record.offset = static_cast<int64_t>(100 + i);
    record.timestamp_us = record_time_us;
    raw.records.push_back(record);
  }
  return raw;
}

Decoded rendered(DecodeResult result) {
  Decoded decoded;
  for (size_t row = 0; row < result.rows.rows(); ++row) {
    decoded.rows.push_back(row_text(result.rows, row));
    const RowMeta& meta = result.rows.meta();
    if (meta.has_source_row(row))
      decoded.carried.emplace_back(meta.source_row->values<std::string_view>()[row]);
  }
  for (const DecodeFailure& failure : result.failures) {
    decoded.failures.push_back(std::to_string(failure.record) + " " +
                               error_code_text(failure.error.code) +
                               (failure.column.empty() ? "" : " " + failure.column));
    decoded.messages.push_back(failure.error.message);
  }
  EXPECT_EQ(result.rows_read, result.rows.rows() + result.rows_filtered + result.failures.size());
  decoded.result = std::move(result);
  return decoded;
}

std::vector<std::string> changes(const Decoded& decoded) {
  std::vector<std::string> texts;
  for (size_t row = 0; row < decoded.rows.size(); ++row)
    texts.push_back(row_kind_text(decoded.result.rows.kind(row)) + (" " + decoded.rows[row]));
  return texts;
}

std::unique_ptr<Decoder> make_decoder(const ScanSpec& scan, const DecodeSettings& settings) {
  const Format* format = formats().find_input(settings.format);
  auto decoder = format->make_decoder(scan, read_options(*format, settings.options), TimeZone());
  if (!decoder) {
    ADD_FAILURE() << decoder.error().to_string();
    return nullptr;
  }
  return std::move(*decoder);
}

Decoded decode(const ScanSpec& scan, const std::vector<std::string>& values,
               const DecodeSettings& settings) {
  const auto decoder = make_decoder(scan, settings);
  PartitionClock clock(settings.clock);
  Allowance allowance;
  DecodeResult result;
  const RawBatch raw = records(values);
  const Status status = decoder->decode(raw, clock, allowance, result);
  if (!status) ADD_FAILURE() << status.error().to_string();
  return rendered(std::move(result));
}

}  // namespace sluice
