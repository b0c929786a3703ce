#include "oracle/expression_generator.hpp"

#include <algorithm>
#include <array>

namespace sluice::test {

namespace {

constexpr std::array all_types{
    TypeKind::boolean,     TypeKind::integer,  TypeKind::bigint, TypeKind::double_precision,
    TypeKind::numeric,     TypeKind::text,     TypeKind::date,   TypeKind::timestamp,
    TypeKind::timestamptz, TypeKind::interval, TypeKind::jsonb};

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

std::string role_of(TypeKind type) { return type_name(Type{type}); }

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
  const bool is_of_span = function.arguments.front().kind == TypeKind::interval;
  if (function.name == "to_char" && !is_of_span && index == 1) return "date format";
  for (const Preference& one : preferences) {
    const bool fits = one.function == function.name && one.argument == index;
    if (fits && (one.type.empty() || one.type == role_of(type))) return one.role;
  }
  return {};
}

bool is_path_operator(const Function& function) {
  return function.name == "#>" || function.name == "#>>";
}

// PostgreSQL defines interval + timestamp and the like as the sum the other way round. Which of two
// failing operands shows depends on that, so that one of them must not fail.
bool is_turned_around(const Function& function, size_t index) {
  const bool is_sum = function.form == FunctionForm::infix && function.name == "+";
  if (!is_sum || index != 0) return false;
  const TypeKind first = function.arguments[0].kind;
  const TypeKind second = function.arguments[1].kind;
  const bool moves = first == TypeKind::interval || first == TypeKind::integer;
  return moves && second >= TypeKind::date && second <= TypeKind::timestamptz;
}

std::string joined(const std::vector<std::string>& parts, size_t first) {
  std::string text;
  for (size_t i = first; i < parts.size(); ++i) text += (i == first ? "" : ", ") + parts[i];
  return text;
}

// Names that are words of the grammar, and only functions behind the schema's name.
bool is_keyword(const std::string& name) {
  return name == "extract" || name == "position" || name == "overlay" || name == "substring";
}

}  // namespace

bool is_comparable(const Function& function) {
  // Their value is the moment of asking, or depends on the day.
  if (function.name == "statement_timestamp") return false;
  return true;
}

std::string signature_of(const Function& function) {
  std::vector<std::string> types;
  for (const Type& type : function.arguments) types.push_back(type_name(type));
  if (function.variadic) types.push_back("…");
  switch (function.form) {
    case FunctionForm::infix:
      return types[0] + " " + function.name + " " + joined(types, 1);
    case FunctionForm::prefix:
      return function.name + " " + types[0];
    case FunctionForm::cast:
      return types[0] + "::" + type_name(function.result);
    case FunctionForm::function:
      return function.name + "(" + joined(types, 0) + ")";
  }
  return function.name;
}

ExpressionGenerator::ExpressionGenerator(const Samples& samples,
                                         const std::vector<const Function*>& functions,
                                         std::mt19937_64& random)
    : samples_(samples), random_(random) {
  for (const Function* function : functions) {
    if (is_comparable(*function)) by_result_[function->result.kind].push_back(function);
  }
}

std::string ExpressionGenerator::call(const Function& function) { return call(function, 0); }

std::string ExpressionGenerator::tree() {
  constexpr int most_depth = 3;
  return expression(all_types[random_() % all_types.size()],
                    1 + static_cast<int>(random_() % most_depth));
}

// Constants stand beside columns only: PostgreSQL computes calls of constants before any row, also
// in branches that no row takes.
std::string ExpressionGenerator::leaf(std::string_view role, bool allows_constant) {
  const SampleColumn& column = samples_.any_of(role, random_);
  if (!allows_constant || !one_in(4)) return column.name;
  const auto& texts = sample_texts(role);
  return quoted(texts[random_() % texts.size()]) + "::" + type_name(column.type);
}

std::string ExpressionGenerator::expression(TypeKind type, int depth) {
  if (depth <= 0) return leaf(role_of(type), false);
  if (one_in(6)) return special_form(type, depth);
  const auto& candidates = by_result_.at(type);
  return call(*candidates[random_() % candidates.size()], depth);
}

std::string ExpressionGenerator::special_form(TypeKind type, int depth) {
  const auto value = [&] { return expression(type, depth - 1); };
  const auto condition = [&] { return expression(TypeKind::boolean, depth - 1); };
  switch (random_() % 5) {
    case 0:
      return "CASE WHEN " + condition() + " THEN " + value() + " ELSE " + value() + " END";
    case 1:
      return "coalesce(" + value() + ", " + value() + ")";
    case 2:
      return "nullif(" + value() + ", " + value() + ")";
    case 3:
      if (type == TypeKind::boolean) {
        const auto compared = all_types[random_() % all_types.size()];
        const auto one = [&] { return expression(compared, depth - 1); };
        return "(" + one() + " BETWEEN " + one() + " AND " + one() + ")";
      }
      return "CASE WHEN " + condition() + " THEN " + value() + " END";
    default:
      if (type == TypeKind::boolean) {
        return "(" + condition() + (one_in(2) ? " AND " : " OR ") + condition() + ")";
      }
      return "coalesce(" + value() + ", " + leaf(role_of(type), true) + ")";
  }
}

std::string ExpressionGenerator::argument(const Function& function, size_t index, int depth) {
  if (is_path_operator(function) && index == 1) {
    constexpr std::string_view paths[] = {"{a}", "{a,b}", "{1}", "{b,0}", "{}", "{0,0}"};
    return quoted(paths[random_() % std::size(paths)]);
  }
  const std::string_view role =
      preferred_role(function, std::min(index, function.arguments.size() - 1));
  const bool is_any = function.variadic_any && index + 1 >= function.arguments.size();
  const TypeKind type =
      is_any ? all_types[random_() % all_types.size()]
             : function.arguments[std::min(index, function.arguments.size() - 1)].kind;
  const bool is_leaf = depth <= 1 || role == "zone" || is_turned_around(function, index);
  if (!role.empty() && (is_leaf || !one_in(5))) return leaf(role, index > 0);
  // All of a list are compared by the engine, by PostgreSQL only up to the first that fits.
  const bool is_list = function.name == "in" || function.name == "not in";
  if (is_leaf || (is_list && index > 0)) return leaf(role_of(type), index > 0);
  return expression(type, depth - 1);
}

std::string ExpressionGenerator::call(const Function& function, int depth) {
  used_.push_back(&function);
  size_t count = function.arguments.size();
  if (function.variadic) count += random_() % 3;
  if (function.name == "jsonb_build_object" && count > 0) count = 2 * (1 + random_() % 2);
  std::vector<std::string> arguments;
  for (size_t i = 0; i < count; ++i) {
    const bool is_key = function.name == "jsonb_build_object" && i % 2 == 0;
    arguments.push_back(is_key ? leaf("json key", false) : argument(function, i, depth));
  }
  return render(function, arguments);
}

std::string ExpressionGenerator::render(const Function& function,
                                        const std::vector<std::string>& arguments) const {
  switch (function.form) {
    case FunctionForm::cast:
      return "(" + arguments[0] + ")::" + type_name(function.result);
    case FunctionForm::prefix:
      if (function.name.starts_with("is ")) return "((" + arguments[0] + ") " + function.name + ")";
      return "(" + function.name + " (" + arguments[0] + "))";
    case FunctionForm::infix:
      if (function.name == "in" || function.name == "not in") {
        return "(" + arguments[0] + " " + function.name + " (" + joined(arguments, 1) + "))";
      }
      return "((" + arguments[0] + ") " + function.name + " (" + arguments[1] + "))";
    case FunctionForm::function:
      break;
  }
  const std::string schema = is_keyword(function.name) ? "pg_catalog." : "";
  return schema + function.name + "(" + joined(arguments, 0) + ")";
}

}  // namespace sluice::test
