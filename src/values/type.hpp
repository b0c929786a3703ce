// Type: the SQL types of Sluice and how each is laid out in a Column. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

enum class TypeKind : uint8_t {
  boolean,           // uint8_t, 0 or 1
  integer,           // int32_t
  bigint,            // int64_t
  double_precision,  // double
  numeric,           // Numeric
  text,              // std::string_view, valid UTF-8 without NUL
  date,              // int32_t days since 1970-01-01
  timestamp,         // int64_t microseconds since 1970-01-01 00:00:00, no zone
  timestamptz,       // int64_t microseconds since 1970-01-01T00:00:00Z
  interval,          // Interval
  jsonb,             // std::string_view: PostgreSQL's canonical jsonb output
};

// Infinite dates and timestamps, as in PostgreSQL.
constexpr int64_t timestamp_infinity = INT64_MAX;
constexpr int64_t timestamp_minus_infinity = INT64_MIN;
constexpr int32_t date_infinity = INT32_MAX;
constexpr int32_t date_minus_infinity = INT32_MIN;

// PostgreSQL's interval: the three parts are independent.
struct Interval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t microseconds = 0;
  bool operator==(const Interval&) const = default;  // of the representation, not of SQL
};

struct Type {
  TypeKind kind = TypeKind::text;
  // Of numeric(precision, scale); 0 = unconstrained.
  uint8_t precision = 0;
  int8_t scale = 0;

  bool operator==(const Type&) const = default;
  bool is_number() const {
    return kind == TypeKind::integer || kind == TypeKind::bigint || kind == TypeKind::numeric ||
           kind == TypeKind::double_precision;
  }
  bool is_view() const { return kind == TypeKind::text || kind == TypeKind::jsonb; }
  bool is_time() const { return kind == TypeKind::timestamp || kind == TypeKind::timestamptz; }
};

// Bytes of one value in a Column.
size_t value_width(TypeKind kind);
// "numeric(16,2)", "timestamptz": PostgreSQL's name, as accepted by parse_type.
std::string type_name(Type type);
// Accepts PostgreSQL's names and aliases (int, int4, integer, int8, float8, decimal, varchar, bool,
// …).
std::optional<Type> parse_type(std::string_view text);

}  // namespace sluice
