#include "expr/aggregate.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/assert.hpp"
#include "expr/function_registry.hpp"
#include "expr/overload.hpp"

namespace sluice {

namespace {

// An aggregate over one argument type. count takes every type and is not among them.
struct Overload {
  std::string_view name;
  AggregateKind kind;
  TypeKind argument;
  TypeKind result;
};

using enum TypeKind;
constexpr Overload overloads[] = {
    {"sum", AggregateKind::sum, integer, bigint},
    {"sum", AggregateKind::sum, bigint, numeric},
    {"sum", AggregateKind::sum, numeric, numeric},
    {"sum", AggregateKind::sum, double_precision, double_precision},
    {"sum", AggregateKind::sum, interval, interval},
    {"avg", AggregateKind::avg, integer, numeric},
    {"avg", AggregateKind::avg, bigint, numeric},
    {"avg", AggregateKind::avg, numeric, numeric},
    {"avg", AggregateKind::avg, double_precision, double_precision},
    {"avg", AggregateKind::avg, interval, interval},
    {"bool_and", AggregateKind::bool_and, boolean, boolean},
    {"every", AggregateKind::bool_and, boolean, boolean},
    {"bool_or", AggregateKind::bool_or, boolean, boolean},
};

bool is_extreme(std::string_view name) { return name == "min" || name == "max"; }
bool has_extremes(TypeKind kind) { return kind != boolean && kind != jsonb; }

std::string names_of_types(std::string_view name) {
  if (is_extreme(name)) return "every type but boolean and jsonb";
  std::string names;
  for (const Overload& overload : overloads) {
    if (overload.name != name) continue;
    names += (names.empty() ? "" : ", ") + type_name(Type{overload.argument});
  }
  return names;
}

bool is_known(std::string_view name) {
  return is_extreme(name) || name == "count" ||
         std::any_of(std::begin(overloads), std::end(overloads),
                     [&](const Overload& overload) { return overload.name == name; });
}

std::optional<AggregateSignature> find(std::string_view name, TypeKind argument) {
  if (is_extreme(name) && has_extremes(argument)) {
    const AggregateKind kind = name == "min" ? AggregateKind::min : AggregateKind::max;
    return AggregateSignature{kind, Type{argument}, Type{argument}};
  }
  for (const Overload& overload : overloads) {
    if (overload.name != name || overload.argument != argument) continue;
    return AggregateSignature{overload.kind, Type{argument}, Type{overload.result}};
  }
  return std::nullopt;
}

}  // namespace

const char* aggregate_name(AggregateKind kind) {
  switch (kind) {
    case AggregateKind::count_rows:
    case AggregateKind::count:
      return "count";
    case AggregateKind::sum:
      return "sum";
    case AggregateKind::avg:
      return "avg";
    case AggregateKind::min:
      return "min";
    case AggregateKind::max:
      return "max";
    case AggregateKind::bool_and:
      return "bool_and";
    case AggregateKind::bool_or:
      return "bool_or";
  }
  SLUICE_ASSERT(false, "unknown aggregate");
}

Result<AggregateSignature> FunctionRegistry::resolve_aggregate(
    std::string_view name, const std::vector<Type>& arguments) const {
  if (!is_known(name)) {
    return fail(ErrorCode::unknown_function,
                "aggregate function \"" + std::string(name) + "\" does not exist");
  }
  if (name == "count" && arguments.empty()) {
    return AggregateSignature{AggregateKind::count_rows, Type{bigint}, Type{bigint}};
  }
  if (arguments.size() != 1) {
    return fail(ErrorCode::type_mismatch, std::string(name) + " takes one argument");
  }
  if (name == "count") {
    return AggregateSignature{AggregateKind::count, arguments.front(), Type{bigint}};
  }
  if (auto signature = find(name, arguments.front().kind)) {
    signature->argument = arguments.front();
    return *signature;
  }
  return fail(ErrorCode::type_mismatch,
              "function does not exist: " + std::string(name) + "(" +
                  type_name(Type{arguments.front().kind}) + ")",
              std::string(name) + " takes " + names_of_types(name));
}

}  // namespace sluice
