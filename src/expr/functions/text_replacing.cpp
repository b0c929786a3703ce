// replace, translate, and the joining of any values: concat, concat_ws.
#include "expr/kernel.hpp"
#include "expr/output_text.hpp"
#include "values/text/character_map.hpp"
#include "values/text/find_text.hpp"

namespace sluice {

namespace {

using namespace types;

std::string_view replace(Scope& scope, std::string_view value, std::string_view from,
                         std::string_view to) {
  size_t at = from.empty() ? std::string_view::npos : find_text(value, from);
  if (at == std::string_view::npos) return value;
  std::string& buffer = scope.buffer();
  size_t done = 0;
  for (; at != std::string_view::npos; at = find_text(value, from, done)) {
    scope.expect(buffer.size() + at - done + to.size());
    buffer += value.substr(done, at - done);
    buffer += to;
    done = at + from.size();
  }
  buffer += value.substr(done);
  return scope.copy(buffer);
}

std::string_view translate(Scope& scope, std::string_view value, std::string_view from,
                           std::string_view to) {
  const CharacterMap translations(from, to);
  std::string& buffer = scope.buffer();
  while (!value.empty()) {
    const std::string_view character = first_character(value);
    buffer += translations.find(character).value_or(character);
    scope.expect(buffer.size());
    value.remove_prefix(character.size());
  }
  return scope.copy(buffer);
}

// The values from the argument `first` on that are not NULL.
void append_values(const CallContext& context, size_t first, size_t row, std::string_view separator,
                   std::string& out) {
  bool is_first = true;
  for (size_t i = first; i < context.argument_count(); ++i) {
    const Column& column = context.argument(i);
    const size_t at = column.size() == 1 ? 0 : row;
    if (column.is_null(at)) continue;
    if (!is_first) out += separator;
    is_first = false;
    append_output(column, at, context.zone(), out);
    context.allowance().expect(out.size());
  }
}

void run_concat(CallContext& context) {
  Scope scope(context);
  auto* result = context.result().mutable_values<std::string_view>();
  for (size_t row = 0; row < context.rows(); ++row) {
    std::string& buffer = scope.buffer();
    append_values(context, 0, row, {}, buffer);
    result[row] = scope.copy(buffer);
  }
}

void run_concat_ws(CallContext& context) {
  const Input<std::optional<std::string_view>> separators(context.argument(0));
  Scope scope(context);
  auto* result = context.result().mutable_values<std::string_view>();
  for (size_t row = 0; row < context.rows(); ++row) {
    const auto separator = separators[row];
    if (!separator) {
      context.result().set_null(row);
      continue;
    }
    std::string& buffer = scope.buffer();
    append_values(context, 1, row, *separator, buffer);
    result[row] = scope.copy(buffer);
  }
}

Function variadic_any(Function made) {
  made.variadic = true;
  made.variadic_any = true;
  return stable(std::move(made));
}

}  // namespace

void register_text_replacing(FunctionRegistry& registry) {
  registry.add(function("replace", {text, text, text}, text, per_row<replace>(),
                        "every occurrence replaced"));
  registry.add(function("translate", {text, text, text}, text, per_row<translate>(),
                        "characters replaced one by one"));
  registry.add(variadic_any(function("concat", {text}, text, {run_concat, false, false, {}},
                                     "values one after the other, without NULLs")));
  registry.add(
      variadic_any(function("concat_ws", {text, text}, text, {run_concat_ws, false, false, {}},
                            "values with a separator between, without NULLs")));
}

}  // namespace sluice
