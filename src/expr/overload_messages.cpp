#include "expr/overload_messages.hpp"

#include "base/closest_name.hpp"

namespace sluice {

namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string call_text(FunctionForm form, std::string_view name,
                      const std::vector<std::string>& arguments) {
  const std::string operation(name);
  if (form == FunctionForm::infix && arguments.size() == 2) {
    return arguments[0] + " " + operation + " " + arguments[1];
  }
  if (form == FunctionForm::prefix && !arguments.empty()) {
    const bool stands_behind = operation.rfind("is ", 0) == 0;
    return stands_behind ? arguments[0] + " " + operation : operation + " " + arguments[0];
  }
  return operation + "(" + join(arguments) + ")";
}

std::string overload_text(const Function& function) {
  std::vector<std::string> arguments;
  for (size_t i = 0; i < function.arguments.size(); ++i) {
    const auto declared = declared_type(function, i);
    arguments.push_back(declared ? type_name(Type{*declared}) : "any");
  }
  if (function.variadic) arguments.back() += " …";
  return call_text(function.form, function.name, arguments);
}

const char* kind_of(FunctionForm form) {
  return form == FunctionForm::function ? "function" : "operator";
}

}  // namespace

Error unknown_function_error(FunctionForm form, std::string_view name,
                             const std::vector<const Function*>& known) {
  std::vector<std::string> names;
  for (const Function* function : known) {
    if (function->form == form) names.push_back(function->name);
  }
  return Error{ErrorCode::unknown_function,
               std::string(kind_of(form)) + " \"" + std::string(name) + "\" does not exist",
               Retry::never, did_you_mean(name, names)};
}

Error no_overload_error(FunctionForm form, std::string_view name, const ArgumentTypes& arguments,
                        const std::vector<const Function*>& overloads, bool is_ambiguous) {
  std::vector<std::string> types;
  for (size_t i = 0; i < arguments.size(); ++i) {
    types.push_back(arguments.untyped[i] ? "unknown" : type_name(Type{arguments.types[i].kind}));
  }
  std::vector<std::string> known;
  for (const Function* overload : overloads) known.push_back(overload_text(*overload));
  const std::string call = call_text(form, name, types);
  const std::string message = is_ambiguous
                                  ? std::string(kind_of(form)) + " is not unique: " + call
                                  : std::string(kind_of(form)) + " does not exist: " + call;
  return Error{ErrorCode::type_mismatch, message, Retry::never,
               (is_ambiguous ? "add a cast; known are: " : "known are: ") + join(known)};
}

Error no_cast_error(Type from, Type to, bool needs_explicit) {
  if (needs_explicit) {
    return Error{ErrorCode::type_mismatch,
                 type_name(from) + " does not become " + type_name(to) + " by itself", Retry::never,
                 "write CAST(… AS " + type_name(to) + ")"};
  }
  return Error{ErrorCode::type_mismatch,
               "cannot cast type " + type_name(from) + " to " + type_name(to)};
}

Error no_common_type_error(Type left, Type right) {
  return Error{ErrorCode::type_mismatch,
               "types " + type_name(left) + " and " + type_name(right) + " cannot be matched",
               Retry::never, "cast one of them"};
}

}  // namespace sluice
