#include "connectors/postgres/row_checks.hpp"

#include <limits>

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

std::optional<Error> check_text(const TableColumn& column, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return refused(column, "cannot hold a NUL byte");
  if (!column.max_characters) return std::nullopt;
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
  if (!column.precision || !value.is_finite()) return std::nullopt;
  const auto constrained =
      value.constrained(static_cast<uint8_t>(*column.precision), static_cast<int8_t>(column.scale));
  if (constrained) return std::nullopt;
  return refused(column, "cannot hold " + value.to_string());
}

}  // namespace

RowChecks::RowChecks(const Schema& schema, const TableDescription& table) {
  for (size_t i = 0; i < schema.size(); ++i) {
    if (const TableColumn* column = table.find(schema[i].name)) checks_.push_back({i, *column});
  }
}

std::optional<Error> RowChecks::check(const RecordBatch& batch, size_t row) const {
  for (const auto& [index, column] : checks_) {
    const Column& values = batch.column(index);
    if (values.is_null(row)) {
      if (column.not_null) return refused(column, "cannot hold NULL");
      continue;
    }
    std::optional<Error> problem;
    switch (values.type().kind) {
      case TypeKind::text:
        problem = check_text(column, values.values<std::string_view>()[row]);
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
      default:
        break;
    }
    if (problem) return problem;
  }
  return std::nullopt;
}

}  // namespace sluice::postgres
