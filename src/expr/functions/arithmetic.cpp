// + - * / % & | # << >> ~ and unary minus, plus and abs of numbers.
#include "expr/kernel.hpp"
#include "values/number/checked_arithmetic.hpp"
#include "values/number/numeric_arithmetic.hpp"

namespace sluice {

namespace {

template <class T>
void add_machine_arithmetic(FunctionRegistry& registry, Type type) {
  const auto add = [&](const char* name, KernelSpec kernel) {
    registry.add(infix(name, {type, type}, type, std::move(kernel)));
  };
  add("+", per_row([](T left, T right) { return checked_add(left, right); }));
  add("-", per_row([](T left, T right) { return checked_subtract(left, right); }));
  add("*", per_row([](T left, T right) { return checked_multiply(left, right); }));
  add("/", per_row([](T left, T right) { return checked_divide(left, right); }));
}

void add_numeric_arithmetic(FunctionRegistry& registry) {
  const auto add = [&](const char* name, KernelSpec kernel) {
    registry.add(infix(name, {types::numeric, types::numeric}, types::numeric, std::move(kernel)));
  };
  add("+", per_row([](Numeric left, Numeric right) { return Numeric::add(left, right); }));
  add("-", per_row([](Numeric left, Numeric right) { return Numeric::subtract(left, right); }));
  add("*", per_row([](Numeric left, Numeric right) { return multiply(left, right); }));
  add("/", per_row([](Numeric left, Numeric right) { return divide(left, right); }));
}

// `%` is also the function mod.
void add_modulo(FunctionRegistry& registry, Type type, const KernelSpec& kernel) {
  registry.add(infix("%", {type, type}, type, kernel));
  registry.add(function("mod", {type, type}, type, kernel, "remainder, with the dividend's sign"));
}

// `@` is also the function abs.
void add_signs(FunctionRegistry& registry, Type type, KernelSpec minus, KernelSpec plus,
               const KernelSpec& absolute) {
  registry.add(prefix("-", type, type, std::move(minus)));
  registry.add(prefix("+", type, type, std::move(plus)));
  registry.add(prefix("@", type, type, absolute));
  registry.add(function("abs", {type}, type, absolute, "absolute value"));
}

template <class Integer>
void add_integer_signs(FunctionRegistry& registry, Type type) {
  add_signs(
      registry, type, per_row([](Integer value) { return checked_subtract<Integer>(0, value); }),
      per_row([](Integer value) { return value; }), per_row([](Integer value) -> Result<Integer> {
        return value < 0 ? checked_subtract<Integer>(0, value) : value;
      }));
}

template <class Integer>
void add_bits(FunctionRegistry& registry, Type type) {
  const auto add = [&](const char* name, KernelSpec kernel) {
    registry.add(infix(name, {type, type}, type, std::move(kernel)));
  };
  add("&", per_row([](Integer left, Integer right) { return left & right; }));
  add("|", per_row([](Integer left, Integer right) { return left | right; }));
  add("#", per_row([](Integer left, Integer right) { return left ^ right; }));
  // By so many places modulo the width, as PostgreSQL's machines do it.
  using Unsigned = std::make_unsigned_t<Integer>;
  constexpr int32_t mask = sizeof(Integer) * 8 - 1;
  registry.add(infix("<<", {type, types::integer}, type, per_row([](Integer value, int32_t by) {
                       return static_cast<Integer>(static_cast<Unsigned>(value) << (by & mask));
                     })));
  registry.add(
      infix(">>", {type, types::integer}, type,
            per_row([](Integer value, int32_t by) -> Integer { return value >> (by & mask); })));
  registry.add(prefix("~", type, type, per_row([](Integer value) { return ~value; })));
}

}  // namespace

void register_arithmetic(FunctionRegistry& registry) {
  add_machine_arithmetic<int32_t>(registry, types::integer);
  add_machine_arithmetic<int64_t>(registry, types::bigint);
  add_machine_arithmetic<double>(registry, types::double_precision);
  add_numeric_arithmetic(registry);
  add_modulo(registry, types::integer,
             per_row([](int32_t left, int32_t right) { return checked_modulo(left, right); }));
  add_modulo(registry, types::bigint,
             per_row([](int64_t left, int64_t right) { return checked_modulo(left, right); }));
  add_modulo(registry, types::numeric,
             per_row([](Numeric left, Numeric right) { return modulo(left, right); }));
  add_integer_signs<int32_t>(registry, types::integer);
  add_integer_signs<int64_t>(registry, types::bigint);
  add_signs(registry, types::double_precision, per_row([](double value) { return -value; }),
            per_row([](double value) { return value; }),
            per_row([](double value) { return std::fabs(value); }));
  add_signs(registry, types::numeric, per_row([](Numeric value) { return negate(value); }),
            per_row([](Numeric value) { return value; }),
            per_row([](Numeric value) { return absolute(value); }));
  add_bits<int32_t>(registry, types::integer);
  add_bits<int64_t>(registry, types::bigint);
}

}  // namespace sluice
