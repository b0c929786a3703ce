#include "oracle/argument_roles.hpp"

#include <algorithm>
#include <string>

namespace sluice::test {

namespace {

// Arguments that take few values: function, position from 0, type of the argument it holds for ("":
// any), role.
struct Preference {
  std::string_view function;
  size_t argument;
  std::string_view type;
  std::string_view role;
};

constexpr Preference preferences[] = {
    {"to_char", 1, "", "format"},
    {"to_number", 0, "", "formatted number"},
    {"to_number", 1, "", "number format"},
    {"to_date", 0, "", "formatted time"},
    {"to_date", 1, "", "time format"},
    {"to_timestamp", 0, "text", "formatted time"},
    {"to_timestamp", 1, "", "time format"},
    {"format", 0, "", "pattern"},
    {"jsonb_set", 0, "", "json deep"},
    {"jsonb_insert", 0, "", "json deep"},
    {"#-", 0, "", "json deep"},
    {"make_timestamptz", 6, "", "zone"},
    {"<<", 1, "", "small"},
    {">>", 1, "", "small"},
    {"date_trunc", 0, "", "unit"},
    {"date_trunc", 2, "", "zone"},
    {"date_bin", 0, "", "stride"},
    {"extract", 0, "", "field"},
    {"date_part", 0, "", "field"},
    {"timezone", 0, "text", "zone"},
    {"timezone", 0, "interval", "zone interval"},
    {"make_date", 0, "", "year"},
    {"make_date", 1, "", "month"},
    {"make_date", 2, "", "day"},
    {"make_timestamp", 0, "", "year"},
    {"make_timestamp", 1, "", "month"},
    {"make_timestamp", 2, "", "day"},
    {"make_timestamp", 3, "", "hour"},
    {"make_timestamp", 4, "", "minute"},
    {"make_timestamp", 5, "", "second"},
    {"make_timestamptz", 0, "", "year"},
    {"make_timestamptz", 1, "", "month"},
    {"make_timestamptz", 2, "", "day"},
    {"make_timestamptz", 3, "", "hour"},
    {"make_timestamptz", 4, "", "minute"},
    {"make_timestamptz", 5, "", "second"},
    {"make_interval", 6, "", "second"},
    {"to_timestamp", 0, "double precision", "epoch"},
    {"chr", 0, "", "code"},
    {"factorial", 0, "", "bigint small"},
    {"repeat", 1, "", "small"},
    {"lpad", 1, "", "small"},
    {"rpad", 1, "", "small"},
    {"left", 1, "", "small"},
    {"right", 1, "", "small"},
    {"substring", 1, "integer", "small"},
    {"substr", 1, "", "small"},
    {"substring", 2, "integer", "count"},
    {"substr", 2, "", "count"},
    {"substring", 1, "text", "regex"},
    {"substring", 2, "text", "escape"},
    {"overlay", 2, "", "one up"},
    {"overlay", 3, "", "count"},
    {"split_part", 1, "", "letters"},
    {"split_part", 2, "", "small"},
    {"strpos", 1, "", "letters"},
    {"position", 1, "", "letters"},
    {"starts_with", 1, "", "letters"},
    {"^@", 1, "", "letters"},
    {"replace", 1, "", "letters"},
    {"translate", 1, "", "letters"},
    {"btrim", 1, "", "letters"},
    {"ltrim", 1, "", "letters"},
    {"rtrim", 1, "", "letters"},
    {"regexp_replace", 1, "", "regex"},
    {"regexp_replace", 2, "", "replacement"},
    {"regexp_replace", 3, "text", "replace flags"},
    {"regexp_replace", 3, "integer", "one up"},
    {"regexp_replace", 4, "", "count"},
    {"regexp_replace", 5, "", "flags"},
    {"regexp_like", 1, "", "regex"},
    {"regexp_like", 2, "", "flags"},
    {"regexp_count", 1, "", "regex"},
    {"regexp_count", 2, "", "one up"},
    {"regexp_count", 3, "", "flags"},
    {"regexp_instr", 1, "", "regex"},
    {"regexp_instr", 2, "", "one up"},
    {"regexp_instr", 3, "", "one up"},
    {"regexp_instr", 4, "", "end option"},
    {"regexp_instr", 5, "", "flags"},
    {"regexp_instr", 6, "", "end option"},
    {"regexp_substr", 1, "", "regex"},
    {"regexp_substr", 2, "", "one up"},
    {"regexp_substr", 3, "", "one up"},
    {"regexp_substr", 4, "", "flags"},
    {"regexp_substr", 5, "", "end option"},
    {"similar_to_escape", 0, "", "like"},
    {"similar_to_escape", 1, "", "escape"},
    {"like_escape", 0, "", "like"},
    {"like_escape", 1, "", "escape"},
    {"~", 1, "text", "regex"},
    {"~*", 1, "text", "regex"},
    {"!~", 1, "text", "regex"},
    {"!~*", 1, "text", "regex"},
    {"~~", 1, "", "like"},
    {"~~*", 1, "", "like"},
    {"!~~", 1, "", "like"},
    {"!~~*", 1, "", "like"},
    {"->", 1, "text", "json key"},
    {"->>", 1, "text", "json key"},
    {"->", 1, "integer", "small"},
    {"->>", 1, "integer", "small"},
    {"?", 1, "", "json key"},
    {"-", 1, "text", "json key"},
    {"jsonb_array_length", 0, "", "json array"},
    {"jsonb_extract_path", 0, "", "json deep"},
    {"jsonb_extract_path_text", 0, "", "json deep"},
    {"jsonb_extract_path", 1, "", "json key"},
    {"jsonb_extract_path_text", 1, "", "json key"},
    {"round", 1, "", "small"},
    {"trunc", 1, "", "small"},
    {"width_bucket", 3, "", "count"},
    {"sqrt", 0, "double precision", "positive"},
    {"sqrt", 0, "numeric", "positive numeric"},
    {"ln", 0, "double precision", "positive"},
    {"ln", 0, "numeric", "positive numeric"},
    {"log", 0, "double precision", "positive"},
    {"log", 0, "numeric", "positive numeric"},
    {"log", 1, "numeric", "positive numeric"},
    {"log10", 0, "double precision", "positive"},
    {"log10", 0, "numeric", "positive numeric"},
    {"exp", 0, "numeric", "exponent"},
    {"exp", 0, "double precision", "exponent double"},
    {"asin", 0, "", "unit interval"},
    {"acos", 0, "", "unit interval"},
    {"^", 1, "numeric", "exponent"},
    {"^", 1, "double precision", "exponent double"},
    {"power", 1, "numeric", "exponent"},
    {"power", 1, "double precision", "exponent double"},
    {"pow", 1, "numeric", "exponent"},
    {"pow", 1, "double precision", "exponent double"},
};

// What a text or jsonb must look like to be cast to a type.
struct CastPreference {
  TypeKind from;
  TypeKind to;
  std::string_view role;
};

constexpr CastPreference cast_preferences[] = {
    {TypeKind::text, TypeKind::integer, "number text"},
    {TypeKind::text, TypeKind::bigint, "number text"},
    {TypeKind::text, TypeKind::numeric, "number text"},
    {TypeKind::text, TypeKind::double_precision, "number text"},
    {TypeKind::text, TypeKind::boolean, "boolean text"},
    {TypeKind::text, TypeKind::date, "date text"},
    {TypeKind::text, TypeKind::timestamp, "time text"},
    {TypeKind::text, TypeKind::timestamptz, "time text"},
    {TypeKind::text, TypeKind::interval, "interval text"},
    {TypeKind::text, TypeKind::jsonb, "json text"},
    {TypeKind::jsonb, TypeKind::integer, "json number"},
    {TypeKind::jsonb, TypeKind::bigint, "json number"},
    {TypeKind::jsonb, TypeKind::numeric, "json number"},
    {TypeKind::jsonb, TypeKind::double_precision, "json number"},
    {TypeKind::jsonb, TypeKind::boolean, "json boolean"},
};

// A document, for the argument that jsonb_set and - work on.
bool edits_jsonb(const Function& function) {
  return function.name == "-" && function.arguments.front().kind == TypeKind::jsonb;
}

}  // namespace

std::string_view preferred_role(const Function& function, size_t index) {
  const TypeKind type = function.arguments[std::min(index, function.arguments.size() - 1)].kind;
  if (function.form == FunctionForm::cast) {
    for (const CastPreference& one : cast_preferences) {
      if (one.from == type && one.to == function.result.kind) return one.role;
    }
    return {};
  }
  const bool is_of_day = function.arguments.back().kind == TypeKind::date;
  if (function.name == "extract" && is_of_day && index == 0) return "date field";
  if (function.name == "make_interval" && index < 6) return "small";
  if (edits_jsonb(function) && index == 0) return "json array";
  if (function.name == "substring" && function.arguments.back().kind == TypeKind::text &&
      index == 1 && function.arguments.size() == 3) {
    return "similar";
  }
  const bool is_of_number = function.arguments.front().is_number();
  if (function.name == "to_char" && is_of_number && index == 1) {
    return type == function.arguments.front().kind                ? ""
           : function.arguments.front().kind == TypeKind::integer ? "integer format"
                                                                  : "number format";
  }
  const bool is_of_span = function.arguments.front().kind == TypeKind::interval;
  if (function.name == "to_char" && !is_of_span && index == 1) return "date format";
  for (const Preference& one : preferences) {
    const bool fits = one.function == function.name && one.argument == index;
    if (fits && (one.type.empty() || one.type == type_name(Type{type}))) return one.role;
  }
  return {};
}

}  // namespace sluice::test
