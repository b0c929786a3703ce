#include "expr/kernel.hpp"

#include "base/assert.hpp"

namespace sluice {

namespace {

void check_widths(const Function& function, const std::vector<size_t>& widths) {
  if (widths.empty()) return;
  SLUICE_ASSERT(widths.size() == function.arguments.size() + 1,
                "a kernel takes the arguments it is declared with");
  for (size_t i = 0; i < function.arguments.size(); ++i) {
    SLUICE_ASSERT(widths[i] == value_width(function.arguments[i].kind),
                  "a kernel's parameter fits its type");
  }
  SLUICE_ASSERT(widths.back() == value_width(function.result.kind),
                "a kernel's result fits its type");
}

}  // namespace

Function function(std::string name, std::vector<Type> arguments, Type result, KernelSpec kernel,
                  std::string help) {
  Function made;
  made.name = std::move(name);
  made.arguments = std::move(arguments);
  made.result = result;
  made.strict = kernel.strict;
  made.can_fail = kernel.can_fail;
  made.kernel = kernel.run;
  made.help = std::move(help);
  check_widths(made, kernel.widths);
  return made;
}

Function infix(std::string name, std::array<Type, 2> operands, Type result, KernelSpec kernel,
               std::string help) {
  Function made = function(std::move(name), {operands[0], operands[1]}, result, std::move(kernel),
                           std::move(help));
  made.form = FunctionForm::infix;
  return made;
}

Function prefix(std::string name, Type operand, Type result, KernelSpec kernel, std::string help) {
  Function made = function(std::move(name), {operand}, result, std::move(kernel), std::move(help));
  made.form = FunctionForm::prefix;
  return made;
}

Function cast_function(Type from, Type to, CastContext where, KernelSpec kernel) {
  Function made = function("cast", {from}, to, std::move(kernel));
  made.form = FunctionForm::cast;
  made.cast_context = where;
  return made;
}

Function stable(Function function) {
  function.volatility = Volatility::stable;
  return function;
}

}  // namespace sluice
