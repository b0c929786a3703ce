#include "connectors/postgres/row_checks.hpp"

#include <algorithm>
#include <limits>

#include "values/time/infinite_interval.hpp"

namespace sluice::postgres {

namespace {

Error refused(const TableColumn& column, const std::string& why) {
  return {ErrorCode::sink_rejected,
          "column \"" + column.name + "\" (" + column.type + ") " + why,
          Retry::never,
          {}};
}

size_t characters_of(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<uint8_t>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

// As PostgreSQL writes it. Its other spellings would be other keys for the engine only.
bool is_canonical_uuid(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char c, char wanted) {
           const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           return wanted == 'x' ? is_digit : c == wanted;
         });
}

std::optional<Error> check_key_text(const TableColumn& column, std::string_view text) {
  if (column.type_name != "uuid" || is_canonical_uuid(text)) return std::nullopt;
  return refused(column,
                 "is a key, whose values must be spelt as PostgreSQL spells them: in lower "
                 "case, with hyphens after 8, 12, 16 and 20 digits");
}

// Excess spaces at the end are cut on the way in, but a key would then be another one's.
std::optional<Error> check_text(const TableColumn& column, std::string_view text, bool is_key) {
  if (text.find('\0') != std::string_view::npos) return refused(column, "cannot hold a NUL byte");
  if (is_key && column.reads_text) return check_key_text(column, text);
  if (!column.max_characters) return std::nullopt;
  if (!is_key) {
    const size_t last = text.find_last_not_of(' ');
    text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  }
  const size_t characters = characters_of(text);
  if (characters <= static_cast<size_t>(*column.max_characters)) return std::nullopt;
  return refused(column, "cannot hold " + std::to_string(characters) + " characters");
}

std::optional<Error> check_integer(const TableColumn& column, int64_t value) {
  int64_t limit = std::numeric_limits<int64_t>::max();
  if (column.type_name == "int2") limit = std::numeric_limits<int16_t>::max();
  if (column.type_name == "int4") limit = std::numeric_limits<int32_t>::max();
  if (value >= -limit - 1 && value <= limit) return std::nullopt;
  return refused(column, "cannot hold " + std::to_string(value));
}

std::optional<Error> check_numeric(const TableColumn& column, const Numeric& value) {
  if (!column.precision || value.kind() == Numeric::Kind::nan) return std::nullopt;
  if (!value.is_finite()) return refused(column, "cannot hold " + value.to_string());
  const auto constrained =
      value.constrained(static_cast<uint8_t>(*column.precision), static_cast<int8_t>(column.scale));
  if (constrained) return std::nullopt;
  return refused(column, "cannot hold " + value.to_string());
}

std::optional<Error> check_interval(const TableColumn& column, const Interval& value) {
  if (column.has_infinite_intervals || !is_infinite(value)) return std::nullopt;
  return refused(column, "cannot hold an infinite interval, which PostgreSQL has since 17");
}

}  // namespace

RowChecks::RowChecks(const Schema& schema, const TableDescription& table,
                     const std::vector<size_t>& key) {
  for (size_t i = 0; i < schema.size(); ++i) {
    const TableColumn* column = table.find(schema[i].name);
    if (column == nullptr) continue;
    checks_.push_back({i, *column, std::find(key.begin(), key.end(), i) != key.end()});
    // A trigger may fill what is NULL.
    if (table.has_row_triggers) checks_.back().table.not_null = false;
  }
}

std::optional<Error> RowChecks::check_key(const RecordBatch& batch, size_t row) const {
  for (const auto& [index, column, is_key] : checks_) {
    const Column& values = batch.column(index);
    if (!is_key || !column.reads_text || values.is_null(row)) continue;
    if (values.type().kind != TypeKind::text) continue;
    auto problem = check_key_text(column, values.values<std::string_view>()[row]);
    if (problem) return problem;
  }
  return std::nullopt;
}

std::optional<Error> RowChecks::check(const RecordBatch& batch, size_t row) const {
  for (const auto& [index, column, is_key] : checks_) {
    const Column& values = batch.column(index);
    if (values.is_null(row)) {
      if (column.not_null) return refused(column, "cannot hold NULL");
      continue;
    }
    std::optional<Error> problem;
    switch (values.type().kind) {
      case TypeKind::text:
        problem = check_text(column, values.values<std::string_view>()[row], is_key);
        break;
      case TypeKind::integer:
        problem = check_integer(column, values.values<int32_t>()[row]);
        break;
      case TypeKind::bigint:
        problem = check_integer(column, values.values<int64_t>()[row]);
        break;
      case TypeKind::numeric:
        if (column.precision && *column.precision <= Numeric::max_digits) {
          problem = check_numeric(column, values.values<Numeric>()[row]);
        }
        break;
      case TypeKind::interval:
        problem = check_interval(column, values.values<Interval>()[row]);
        break;
      default:
        break;
    }
    if (problem) return problem;
  }
  return std::nullopt;
}

}  // namespace sluice::postgres
