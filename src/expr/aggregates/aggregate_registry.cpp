#include "expr/aggregates/aggregate_registry.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

bool takes(const AggregateFunction& function, const std::vector<Type>& arguments) {
  return std::equal(
      function.arguments.begin(), function.arguments.end(), arguments.begin(), arguments.end(),
      [](const Type& wanted, const Type& given) { return wanted.kind == given.kind; });
}

std::string types_text(const std::vector<Type>& types) {
  std::string text;
  for (const Type& type : types) {
    text += (text.empty() ? "" : ", ") + type_name(Type{type.kind});
  }
  return text;
}

// "integer, bigint", or, where nearly all are taken, "every type but boolean and jsonb".
std::string taken_text(const std::vector<const AggregateFunction*>& overloads) {
  constexpr size_t most_exceptions = 3;
  std::vector<Type> missing;
  for_each_ordering([&](auto, Type type) {
    const bool is_taken =
        std::any_of(overloads.begin(), overloads.end(),
                    [&](const AggregateFunction* overload) { return takes(*overload, {type}); });
    if (!is_taken) missing.push_back(type);
  });
  std::string text;
  if (missing.size() <= most_exceptions) {
    for (const Type& type : missing) text += (text.empty() ? "" : " and ") + type_name(type);
    return "every type but " + text;
  }
  for (const AggregateFunction* overload : overloads) {
    const bool is_list = overload->arguments.size() != 1;
    const std::string types = types_text(overload->arguments);
    text += (text.empty() ? "" : ", ") + (is_list ? "(" + types + ")" : types);
  }
  return text;
}

std::string count_text(size_t arguments) {
  constexpr const char* numbers[] = {"no", "one", "two", "three"};
  SLUICE_ASSERT(arguments < std::size(numbers), "aggregates take few arguments");
  return std::string(numbers[arguments]) + (arguments == 1 ? " argument" : " arguments");
}

}  // namespace

void AggregateRegistry::add(AggregateFunction function) {
  SLUICE_ASSERT((function.accumulate == nullptr) != (function.fold_rows == nullptr),
                "an aggregate function computes in one way");
  const AggregateFunction& stored = functions_.emplace_back(std::move(function));
  by_name_.emplace(stored.name, &stored);
  for (const std::string& alias : stored.aliases) by_name_.emplace(alias, &stored);
}

std::vector<const AggregateFunction*> AggregateRegistry::named(std::string_view name) const {
  std::vector<const AggregateFunction*> functions;
  const auto [begin, end] = by_name_.equal_range(name);
  for (auto entry = begin; entry != end; ++entry) functions.push_back(entry->second);
  return functions;
}

bool AggregateRegistry::takes_star(std::string_view name) const {
  const auto overloads = named(name);
  return std::any_of(overloads.begin(), overloads.end(),
                     [](const AggregateFunction* overload) { return overload->arguments.empty(); });
}

Result<const AggregateFunction*> AggregateRegistry::resolve(
    std::string_view name, const std::vector<Type>& arguments) const {
  const auto overloads = named(name);
  const std::string text(name);
  if (overloads.empty()) {
    return fail(ErrorCode::unknown_function, "aggregate function \"" + text + "\" does not exist");
  }
  bool takes_count = false;
  for (const AggregateFunction* overload : overloads) {
    if (takes(*overload, arguments)) return overload;
    takes_count = takes_count || overload->arguments.size() == arguments.size();
  }
  if (!takes_count) {
    return fail(ErrorCode::type_mismatch,
                text + "() takes " + count_text(overloads.back()->arguments.size()));
  }
  return fail(ErrorCode::type_mismatch,
              "function does not exist: " + text + "(" + types_text(arguments) + ")",
              text + " takes " + taken_text(overloads));
}

std::string_view AggregateRegistry::advice_for(std::string_view foreign_name) const {
  for (const AggregateFunction& function : functions_) {
    for (const ForeignAggregate& foreign : function.foreign) {
      if (foreign.name == foreign_name) return foreign.advice;
    }
  }
  return {};
}

std::vector<std::string> AggregateRegistry::names() const {
  std::vector<std::string> names;
  for (const auto& [name, function] : by_name_) {
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  return names;
}

}  // namespace sluice
