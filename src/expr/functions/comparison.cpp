// = <> < <= > >= and IS [NOT] DISTINCT FROM, between values of one type. Mixed types meet by
// implicit casts.
#include "expr/kernel.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

template <class Ordering>
void add_comparisons(FunctionRegistry& registry, Type type) {
  using T = typename Ordering::Value;
  const auto add = [&](const char* name, KernelSpec kernel) {
    registry.add(infix(name, {type, type}, types::boolean, std::move(kernel)));
  };
  add("=", per_row([](T left, T right) { return Ordering::equal(left, right); }));
  add("<>", per_row([](T left, T right) { return !Ordering::equal(left, right); }));
  add("<", per_row([](T left, T right) { return Ordering::compare(left, right) < 0; }));
  add("<=", per_row([](T left, T right) { return Ordering::compare(left, right) <= 0; }));
  add(">", per_row([](T left, T right) { return Ordering::compare(left, right) > 0; }));
  add(">=", per_row([](T left, T right) { return Ordering::compare(left, right) >= 0; }));
}

template <class Ordering, class T = typename Ordering::Value>
bool is_distinct(const std::optional<T>& left, const std::optional<T>& right) {
  if (!left || !right) return left.has_value() != right.has_value();
  return !Ordering::equal(*left, *right);
}

template <class Ordering>
void add_distinct(FunctionRegistry& registry, Type type) {
  using T = typename Ordering::Value;
  registry.add(infix("is distinct from", {type, type}, types::boolean,
                     per_row([](std::optional<T> left, std::optional<T> right) {
                       return is_distinct<Ordering>(left, right);
                     }),
                     "differs, where NULL equals NULL"));
  registry.add(infix("is not distinct from", {type, type}, types::boolean,
                     per_row([](std::optional<T> left, std::optional<T> right) {
                       return !is_distinct<Ordering>(left, right);
                     }),
                     "equals, where NULL equals NULL"));
}

}  // namespace

void register_comparison(FunctionRegistry& registry) {
  for_each_ordering([&]<class Ordering>(Ordering, Type type) {
    add_comparisons<Ordering>(registry, type);
    add_distinct<Ordering>(registry, type);
  });
}

}  // namespace sluice
