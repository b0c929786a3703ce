#include "connectors/postgres/key_fit.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace sluice::postgres {

namespace {

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// A value out of the column's range is refused, not changed.
bool keeps_numeric_apart(const Type& written, const TableColumn& target) {
  const bool is_bounded = written.precision > 0;
  if (is_one_of(target.type_name, {"int2", "int4", "int8"}))
    return is_bounded && written.scale <= 0;
  if (target.type_name == "numeric")
    return !target.precision || (is_bounded && written.scale <= target.scale);
  return !is_one_of(target.type_name, {"float4", "float8"});
}

bool keeps_whole_number_apart(const Type& written, const TableColumn& target) {
  if (target.type_name == "float8") return written.kind == TypeKind::integer;
  if (target.type_name == "numeric") return target.scale >= 0;
  return target.type_name != "float4";
}

}  // namespace

bool keeps_keys_apart(const Type& written, const TableColumn& target) {
  constexpr int32_t microseconds = 6;
  const bool has_all_digits = target.fraction_digits.value_or(microseconds) >= microseconds;
  switch (written.kind) {
    case TypeKind::boolean:
    case TypeKind::jsonb:
      return true;
    case TypeKind::integer:
    case TypeKind::bigint:
      return keeps_whole_number_apart(written, target);
    case TypeKind::numeric:
      return keeps_numeric_apart(written, target);
    case TypeKind::double_precision:
      return !is_one_of(target.type_name, {"int2", "int4", "int8", "float4", "numeric"});
    case TypeKind::text:
      // A uuid is taken in one spelling only: see RowChecks.
      if (target.reads_text) return target.is_enum || target.type_name == "uuid";
      return target.is_deterministic &&
             !is_one_of(target.type_name, {"bpchar", "char", "name", "citext"});
    case TypeKind::date:
      return true;
    case TypeKind::timestamp:
    case TypeKind::timestamptz:
      return has_all_digits && !is_one_of(target.type_name, {"date", "time", "timetz"});
    case TypeKind::interval:
      return has_all_digits && target.type_name != "time";
  }
  return true;
}

std::string advise_on_key(const Type& written, const TableColumn& target) {
  if (written.kind == TypeKind::text)
    return "declare it text or varchar, with a deterministic collation";
  const std::string declare = "declare it " + type_name(written);
  const bool can_cast = is_one_of(target.type_name, {"int4", "int8", "float8", "numeric", "date"});
  return can_cast ? declare + ", or cast the query's key to the column's type" : declare;
}

}  // namespace sluice::postgres
