#include "oracle/expression_generator.hpp"

#include <algorithm>
#include <array>

#include "oracle/argument_roles.hpp"

namespace sluice::test {

namespace {

constexpr std::array all_types{
    TypeKind::boolean,     TypeKind::integer,  TypeKind::bigint, TypeKind::double_precision,
    TypeKind::numeric,     TypeKind::text,     TypeKind::date,   TypeKind::timestamp,
    TypeKind::timestamptz, TypeKind::interval, TypeKind::jsonb};

std::string role_of(TypeKind type) { return type_name(Type{type}); }

// Paths and lists of keys are arrays in PostgreSQL: written as constants, both read them alike.
bool takes_path(const Function& function) {
  constexpr std::string_view names[] = {"#>", "#>>", "#-", "?|", "?&", "jsonb_set", "jsonb_insert"};
  return std::find(std::begin(names), std::end(names), function.name) != std::end(names);
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

// What is right to 30 digits only. Nothing is computed from it: a remainder or one more power shows
// the digits behind.
bool is_inexact(const Function& function) {
  constexpr std::string_view names[] = {"^", "pow", "power", "exp", "ln", "log", "log10"};
  return function.result.kind == TypeKind::numeric &&
         std::find(std::begin(names), std::end(names), function.name) != std::end(names);
}

// Names that are words of the grammar, and only functions behind the schema's name.
bool is_keyword(const std::string& name) {
  return name == "extract" || name == "position" || name == "overlay" || name == "substring";
}

}  // namespace

bool is_clock(const Function& function) { return function.name == "statement_timestamp"; }

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
    if (is_clock(*function)) continue;
    by_result_[function->result.kind].push_back(function);
    // A call without arguments is a constant.
    const bool is_constant = function->arguments.empty();
    if (!is_constant && !is_inexact(*function)) {
      nested_by_result_[function->result.kind].push_back(function);
    }
  }
}

std::string ExpressionGenerator::call(const Function& function) {
  const std::string called = call(function, 0);
  return is_clock(function) ? "(" + called + " - " + called + ")" : called;
}

std::string ExpressionGenerator::form(std::string_view name, TypeKind type) {
  const auto value = [&](bool allows_constant = true) {
    return leaf(type_name(Type{type}), allows_constant);
  };
  const std::string first = value(false);
  if (name == "CASE") {
    return "CASE WHEN " + leaf("boolean", false) + " THEN " + first + " WHEN " + value() + " < " +
           first + " THEN " + value() + " ELSE " + value() + " END";
  }
  if (name == "simple CASE") {
    return "CASE " + first + " WHEN " + value() + " THEN " + value() + " WHEN " + value() +
           " THEN " + value() + " ELSE " + value() + " END";
  }
  if (name == "COALESCE") return "coalesce(" + first + ", " + value() + ", " + value() + ")";
  if (name == "NULLIF") return "nullif(" + first + ", " + value() + ")";
  const std::string pair = name == "IS DISTINCT FROM" ? value() : value() + " AND " + value();
  return "(" + first + " " + std::string(name) + " " + pair + ")";
}

std::string ExpressionGenerator::tree() {
  constexpr int most_depth = 3;
  const TypeKind type = all_types[random_() % all_types.size()];
  const int depth = 1 + static_cast<int>(random_() % most_depth);
  if (one_in(6)) return special_form(type, depth);
  return call(*any_of(by_result_.at(type)), depth);
}

const Function* ExpressionGenerator::any_of(const std::vector<const Function*>& functions) {
  return functions[random_() % functions.size()];
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
  return call(*any_of(nested_by_result_.at(type)), depth);
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
  if (takes_path(function) && index == 1) {
    constexpr std::string_view paths[] = {"{a}",   "{a,b}",  "{1}",     "{b,0}", "{}",
                                          "{0,0}", "{0,-1}", "{a,b,x}", "{-3}",  "{a,NULL}"};
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
  if (is_leaf) return leaf(role_of(type), index > 0);
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
