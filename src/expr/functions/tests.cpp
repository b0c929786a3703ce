// NOT, IS [NOT] NULL, IS [NOT] TRUE, FALSE and UNKNOWN, num_nulls, num_nonnulls.
#include "expr/kernel.hpp"

namespace sluice {

namespace {

template <bool wanted>
void test_null(CallContext& context) {
  const Column& argument = context.argument(0);
  uint8_t* result = context.result().mutable_values<uint8_t>();
  for (size_t row = 0; row < context.rows(); ++row) result[row] = argument.is_null(row) == wanted;
}

KernelSpec test_of(Kernel run) { return {run, false, false, {}}; }

void add_null_tests(FunctionRegistry& registry) {
  for (const Type type : types::all) {
    registry.add(prefix("is null", type, types::boolean, test_of(test_null<true>)));
    registry.add(prefix("is not null", type, types::boolean, test_of(test_null<false>)));
  }
}

template <bool is_null>
void count_nulls(CallContext& context) {
  int32_t* const result = context.result().mutable_values<int32_t>();
  for (size_t row = 0; row < context.rows(); ++row) {
    result[row] = 0;
    for (size_t i = 0; i < context.argument_count(); ++i) {
      const Column& argument = context.argument(i);
      result[row] += argument.is_null(argument.size() == 1 ? 0 : row) == is_null;
    }
  }
}

void add_null_counts(FunctionRegistry& registry) {
  const auto add = [&](const char* name, Kernel run, const char* help) {
    Function made = function(name, {types::text}, types::integer, {run, false, false, {}}, help);
    made.variadic = true;
    made.variadic_any = true;
    registry.add(std::move(made));
  };
  add("num_nulls", count_nulls<true>, "how many of the arguments are NULL");
  add("num_nonnulls", count_nulls<false>, "how many of the arguments are not NULL");
}

// The value a test of truth is true for.
template <bool truth>
void add_truth_test(FunctionRegistry& registry, const std::string& name) {
  using Truth = std::optional<bool>;
  registry.add(prefix("is " + name, types::boolean, types::boolean,
                      per_row([](Truth value) { return value == truth; })));
  registry.add(prefix("is not " + name, types::boolean, types::boolean,
                      per_row([](Truth value) { return value != truth; })));
}

}  // namespace

void register_tests(FunctionRegistry& registry) {
  add_null_tests(registry);
  add_null_counts(registry);
  add_truth_test<true>(registry, "true");
  add_truth_test<false>(registry, "false");
  registry.add(prefix("is unknown", types::boolean, types::boolean, test_of(test_null<true>)));
  registry.add(prefix("is not unknown", types::boolean, types::boolean, test_of(test_null<false>)));
  registry.add(
      prefix("not", types::boolean, types::boolean, per_row([](bool value) { return !value; })));
}

}  // namespace sluice
