#include "support/test_rows.hpp"

#include <gtest/gtest.h>

#include <array>

#include "data/column_text.hpp"
#include "values/value_text.hpp"

namespace sluice::test {

namespace {

constexpr std::string_view first_day = "2024-01-01 ";
constexpr std::array kinds = {RowKind::insert, RowKind::update_before, RowKind::update_after,
                              RowKind::delete_row};

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

// With the day that may be left out.
std::string full_time(std::string_view text) {
  const bool is_time_of_day = text.size() > 2 && text[2] == ':';
  return (is_time_of_day ? std::string(first_day) : std::string()) + std::string(text);
}

RowKind take_kind(std::string_view& line) {
  for (const RowKind kind : kinds) {
    const std::string_view text = row_kind_text(kind);
    if (!line.starts_with(text)) continue;
    line.remove_prefix(text.size());
    return kind;
  }
  return RowKind::insert;
}

// The rows being read.
struct Reader {
  explicit Reader(const SchemaPtr& of) : schema(of) {
    for (const Field& field : schema->fields()) builders.emplace_back(field.type);
  }

  void read_line(std::string_view line) {
    meta.kind.push_back(take_kind(line));
    meta.seen.push_back(not_behind);
    meta.row_time.push_back(0);
    size_t column = 0;
    for (const std::string_view cell : split(line, '|')) {
      if (cell.starts_with("@seen=")) {
        meta.seen.back() = time_us(cell.substr(6));
      } else if (cell.starts_with("@row_time=")) {
        meta.row_time.back() = time_us(cell.substr(10));
      } else if (column < builders.size()) {
        append(column++, cell);
      }
    }
    ASSERT_EQ(column, builders.size()) << "cells of row: " << line;
    ++rows;
  }

  void append(size_t column, std::string_view cell) {
    const Type type = (*schema)[column].type;
    if (cell == "NULL") return builders[column].append_null();
    const std::string text = type.is_time() ? full_time(cell) : std::string(cell);
    const Status parsed = append_parsed(type, text, TimeZone(), builders[column]);
    ASSERT_TRUE(parsed.has_value()) << parsed.error().to_string();
  }

  SchemaPtr schema;
  std::vector<ColumnBuilder> builders;
  RowMeta meta;
  size_t rows = 0;
};

void shorten_time(std::string& text) {
  if (text.ends_with("+00")) text.resize(text.size() - 3);
  if (text.starts_with(first_day)) text.erase(0, first_day.size());
}

std::string cell_text(const Column& column, size_t row) {
  if (column.is_null(row)) return "NULL";
  std::string text;
  format_value(column, row, TimeZone(), text);
  if (column.type().is_time()) shorten_time(text);
  return text;
}

}  // namespace

SchemaPtr schema_of(std::string_view text) {
  std::vector<Field> fields;
  std::string_view rest = text;
  while (!rest.empty()) {
    // A comma inside of parentheses belongs to numeric(p,s).
    size_t end = 0;
    for (int depth = 0; end < rest.size() && (depth > 0 || rest[end] != ','); ++end) {
      depth += rest[end] == '(' ? 1 : rest[end] == ')' ? -1 : 0;
    }
    const std::string_view field = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
    const size_t space = field.find(' ');
    const auto type = parse_type(trim(field.substr(std::min(space, field.size()))));
    EXPECT_TRUE(type.has_value()) << "no type in: " << field;
    fields.push_back({std::string(field.substr(0, space)), type.value_or(Type{})});
  }
  return std::make_shared<Schema>(std::move(fields));
}

RecordBatch read_rows(const SchemaPtr& schema, std::string_view lines) {
  Reader reader(schema);
  for (const std::string_view line : split(lines, '\n')) {
    if (!line.empty()) reader.read_line(line);
  }
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : reader.builders) columns.push_back(builder.finish());
  return RecordBatch(schema, std::move(columns), reader.rows, std::move(reader.meta));
}

std::vector<std::string> row_texts(const RecordBatch& batch) {
  std::vector<std::string> texts;
  for (size_t row = 0; row < batch.rows(); ++row) {
    std::string text = std::string(row_kind_text(batch.kind(row))) + " ";
    for (size_t i = 0; i < batch.columns().size(); ++i) {
      if (i > 0) text += '|';
      text += cell_text(batch.column(i), row);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

int64_t time_us(std::string_view text) {
  const auto parsed = parse_timestamptz(full_time(text), TimeZone());
  EXPECT_TRUE(parsed.has_value()) << "not a time: " << text;
  return parsed.value_or(0);
}

std::string time_text(int64_t time_us) {
  std::string text;
  format_timestamptz(time_us, TimeZone(), text);
  shorten_time(text);
  return text;
}

}  // namespace sluice::test
