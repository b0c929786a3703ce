// Reading and building jsonb: jsonb_typeof, jsonb_extract_path, to_jsonb, jsonb_build_object, …
#include <algorithm>

#include "expr/jsonb_value.hpp"
#include "expr/kernel.hpp"
#include "values/json/jsonb_build.hpp"
#include "values/json/jsonb_path.hpp"
#include "values/json/jsonb_view.hpp"
#include "values/value_text.hpp"

namespace sluice {

namespace {

using namespace types;
using OptionalText = std::optional<std::string_view>;

std::string_view type_of(std::string_view value) {
  constexpr std::string_view names[] = {"null", "string", "number", "boolean", "array", "object"};
  return names[static_cast<size_t>(jsonb_kind(value))];
}

Result<int32_t> array_length(std::string_view value) {
  if (jsonb_kind(value) != JsonbKind::array) {
    return fail(ErrorCode::invalid_argument,
                "cannot get array length of a jsonb " + std::string(type_of(value)));
  }
  return static_cast<int32_t>(jsonb_count(value));
}

template <bool wants_text>
void run_extract_path(CallContext& context) {
  const Input<std::string_view> documents(context.argument(0));
  std::vector<Input<std::string_view>> steps;
  for (size_t i = 1; i < context.argument_count(); ++i) steps.emplace_back(context.argument(i));
  Scope scope(context);
  for_each_row(context, [&](size_t row) {
    OptionalText value = documents[row];
    for (size_t i = 0; i < steps.size() && value; ++i) value = jsonb_step(*value, steps[i][row]);
    if (!wants_text || !value) return store(context, scope, row, value);
    if (jsonb_kind(*value) == JsonbKind::null) return context.result().set_null(row);
    if (jsonb_kind(*value) != JsonbKind::string) return store(context, scope, row, *value);
    store(context, scope, row, scope.copy(jsonb_string(*value, scope.buffer())));
  });
}

void append_without_nulls(std::string_view value, std::string& out) {
  const JsonbKind kind = jsonb_kind(value);
  if (kind < JsonbKind::array) {
    out += value;
    return;
  }
  const bool is_object = kind == JsonbKind::object;
  out += is_object ? '{' : '[';
  const size_t begin = out.size();
  for (JsonbItems items(value); items.next();) {
    if (is_object && jsonb_kind(items.value()) == JsonbKind::null) continue;
    if (out.size() > begin) out += ", ";
    if (is_object) out.append(items.key()).append(": ");
    append_without_nulls(items.value(), out);
  }
  out += is_object ? '}' : ']';
}

void append_pretty(std::string_view value, size_t depth, std::string& out) {
  const JsonbKind kind = jsonb_kind(value);
  if (kind < JsonbKind::array) {
    out += value;
    return;
  }
  constexpr size_t indent = 4;
  const bool is_object = kind == JsonbKind::object;
  out += is_object ? '{' : '[';
  bool is_first = true;
  for (JsonbItems items(value); items.next();) {
    out += is_first ? "\n" : ",\n";
    is_first = false;
    out.append((depth + 1) * indent, ' ');
    if (is_object) out.append(items.key()).append(": ");
    append_pretty(items.value(), depth + 1, out);
  }
  out += '\n';
  out.append(depth * indent, ' ');
  out += is_object ? '}' : ']';
}

size_t row_of(const Column& column, size_t row) { return column.size() == 1 ? 0 : row; }

void run_to_jsonb(CallContext& context) {
  Scope scope(context);
  for_each_row(context, [&](size_t row) {
    const Column& column = context.argument(0);
    std::string& buffer = scope.buffer();
    append_jsonb_value(column, row_of(column, row), context.zone(), buffer);
    store(context, scope, row, scope.copy(buffer));
  });
}

void run_build_array(CallContext& context) {
  Scope scope(context);
  for (size_t row = 0; row < context.rows(); ++row) {
    std::string& buffer = scope.buffer();
    buffer += '[';
    for (size_t i = 0; i < context.argument_count(); ++i) {
      const Column& column = context.argument(i);
      if (i > 0) buffer += ", ";
      append_jsonb_value(column, row_of(column, row), context.zone(), buffer);
      scope.expect(buffer.size());
    }
    buffer += ']';
    store(context, scope, row, scope.copy(buffer));
  }
}

Result<std::string> build_object(const CallContext& context, size_t row) {
  std::vector<JsonbMember> members;
  size_t bytes = 0;
  for (size_t i = 0; i + 1 < context.argument_count(); i += 2) {
    const Column& key = context.argument(i);
    const size_t at = row_of(key, row);
    if (key.is_null(at)) {
      return fail(ErrorCode::invalid_argument, "a key of jsonb_build_object is NULL");
    }
    if (key.type().kind == TypeKind::jsonb) {
      return fail(ErrorCode::invalid_argument, "a key of jsonb_build_object must not be jsonb");
    }
    JsonbMember member;
    append_jsonb_key(key, at, context.zone(), member.key);
    const Column& value = context.argument(i + 1);
    append_jsonb_value(value, row_of(value, row), context.zone(), member.value);
    bytes += member.key.size() + member.value.size();
    context.allowance().expect(bytes);
    members.push_back(std::move(member));
  }
  return object_of(std::move(members));
}

void run_build_object(CallContext& context) {
  Scope scope(context);
  const bool is_odd = context.argument_count() % 2 != 0;
  for (size_t row = 0; row < context.rows(); ++row) {
    if (is_odd) {
      context.fail_row(
          row, {ErrorCode::invalid_argument, "jsonb_build_object takes pairs of keys and values"});
      continue;
    }
    store(context, scope, row, build_object(context, row));
  }
}

void add_building(FunctionRegistry& registry) {
  for (const Type type : all) {
    registry.add(stable(
        function("to_jsonb", {type}, jsonb, {run_to_jsonb, false, true, {}}, "value as jsonb")));
  }
  const auto add = [&](const char* name, Kernel run, const char* help) {
    registry.add(function(name, {}, jsonb, {run, true, false, {}}, help));
    Function made = function(name, {text}, jsonb, {run, true, false, {}}, help);
    made.variadic = true;
    made.variadic_any = true;
    registry.add(stable(std::move(made)));
  };
  add("jsonb_build_array", run_build_array, "array of the arguments");
  add("jsonb_build_object", run_build_object, "object of keys and values in turn");
}

}  // namespace

void register_jsonb_functions(FunctionRegistry& registry) {
  registry.add(function("jsonb_typeof", {jsonb}, text, per_row<type_of>(),
                        "object, array, string, number, boolean or null"));
  registry.add(function("jsonb_array_length", {jsonb}, integer, per_row<array_length>(),
                        "number of elements"));
  const auto add_path = [&](const char* name, Type result, Kernel run, const char* help) {
    Function made = function(name, {jsonb, text}, result, {run, false, true, {}}, help);
    made.variadic = true;
    registry.add(std::move(made));
  };
  add_path("jsonb_extract_path", jsonb, run_extract_path<false>, "value behind keys and indexes");
  add_path("jsonb_extract_path_text", text, run_extract_path<true>,
           "value behind keys and indexes as text");
  registry.add(function("jsonb_strip_nulls", {jsonb}, jsonb,
                        per_row([](Scope& scope, std::string_view value) {
                          std::string& buffer = scope.buffer();
                          append_without_nulls(value, buffer);
                          return scope.copy(buffer);
                        }),
                        "without members that are null"));
  registry.add(function("jsonb_pretty", {jsonb}, text,
                        per_row([](Scope& scope, std::string_view value) {
                          std::string& buffer = scope.buffer();
                          append_pretty(value, 0, buffer);
                          return scope.copy(buffer);
                        }),
                        "in lines with indentation"));
  add_building(registry);
}

}  // namespace sluice
