// -> ->> #> #>> @> <@ ? ?| ?& of jsonb.
#include "expr/kernel.hpp"
#include "values/json/jsonb_path.hpp"
#include "values/json/jsonb_view.hpp"
#include "values/ordering.hpp"

namespace sluice {

namespace {

using OptionalText = std::optional<std::string_view>;

// What ->> makes of a value: NULL of null, the text of a string, canonical text of everything else.
OptionalText as_text(Scope& scope, OptionalText value) {
  if (!value || jsonb_kind(*value) == JsonbKind::null) return std::nullopt;
  if (jsonb_kind(*value) != JsonbKind::string) return value;
  std::string& buffer = scope.buffer();
  const std::string_view text = jsonb_string(*value, buffer);
  return text.data() == buffer.data() ? scope.copy(text) : text;
}

bool contains(std::string_view container, std::string_view part);

bool object_contains(std::string_view container, std::string_view part) {
  std::string buffer;
  for (JsonbItems items(part); items.next();) {
    const auto member = jsonb_member(container, jsonb_string(items.key(), buffer));
    if (!member || !contains(*member, items.value())) return false;
  }
  return true;
}

bool array_contains(std::string_view container, std::string_view part) {
  for (JsonbItems wanted(part); wanted.next();) {
    bool is_found = false;
    for (JsonbItems items(container); items.next() && !is_found;) {
      is_found = contains(items.value(), wanted.value());
    }
    if (!is_found) return false;
  }
  return true;
}

// Within a document: of one kind, and scalars equal.
bool contains(std::string_view container, std::string_view part) {
  const JsonbKind kind = jsonb_kind(container);
  if (kind != jsonb_kind(part)) return false;
  if (kind == JsonbKind::object) return object_contains(container, part);
  if (kind == JsonbKind::array) return array_contains(container, part);
  return JsonbOrdering::equal(container, part);
}

// Whole documents: an array also contains a scalar that is one of its elements.
bool document_contains(std::string_view container, std::string_view part) {
  if (jsonb_kind(container) == JsonbKind::array && jsonb_kind(part) < JsonbKind::array) {
    for (JsonbItems items(container); items.next();) {
      if (contains(items.value(), part)) return true;
    }
    return false;
  }
  return contains(container, part);
}

// A top-level key, an element that is this string, or the string itself.
bool has_key(std::string_view value, std::string_view key) {
  std::string buffer;
  switch (jsonb_kind(value)) {
    case JsonbKind::object:
      return jsonb_member(value, key).has_value();
    case JsonbKind::string:
      return jsonb_string(value, buffer) == key;
    case JsonbKind::array:
      for (JsonbItems items(value); items.next();) {
        const bool is_string = jsonb_kind(items.value()) == JsonbKind::string;
        if (is_string && jsonb_string(items.value(), buffer) == key) return true;
      }
      return false;
    default:
      return false;
  }
}

// Of the keys that are not NULL.
bool has_keys(std::string_view value, const JsonbPath& keys, bool wants_all) {
  for (const auto& key : keys.steps()) {
    if (key && has_key(value, *key) != wants_all) return !wants_all;
  }
  return wants_all;
}

// A scalar document counts as an array of one.
OptionalText fetch_element(std::string_view value, int32_t index) {
  if (jsonb_kind(value) >= JsonbKind::array) return jsonb_element(value, index);
  return index == 0 || index == -1 ? OptionalText(value) : std::nullopt;
}

void add_fetch(FunctionRegistry& registry) {
  registry.add(infix("->", {types::jsonb, types::text}, types::jsonb,
                     per_row([](std::string_view value, std::string_view key) {
                       return jsonb_member(value, key);
                     }),
                     "member of an object"));
  registry.add(infix("->", {types::jsonb, types::integer}, types::jsonb, per_row<fetch_element>(),
                     "element of an array, from 0, negative from the end"));
  registry.add(infix("->>", {types::jsonb, types::text}, types::text,
                     per_row([](Scope& scope, std::string_view value, std::string_view key) {
                       return as_text(scope, jsonb_member(value, key));
                     }),
                     "member of an object as text"));
  registry.add(infix("->>", {types::jsonb, types::integer}, types::text,
                     per_row([](Scope& scope, std::string_view value, int32_t index) {
                       return as_text(scope, fetch_element(value, index));
                     }),
                     "element of an array as text"));
}

template <class F>
void run_with_path(CallContext& context, F f) {
  const Input<std::string_view> documents(context.argument(0));
  const Input<std::string_view> literals(context.argument(1));
  Scope scope(context);
  LastJsonbPath paths;
  for_each_row(context, [&](size_t row) {
    const Result<JsonbPath>& path = paths.of(literals[row]);
    if (!path) return context.fail_row(row, path.error());
    store(context, scope, row, f(scope, documents[row], *path));
  });
}

template <bool wants_text>
void run_path(CallContext& context) {
  run_with_path(context, [](Scope& scope, std::string_view document, const JsonbPath& path) {
    const OptionalText value = path.find(document);
    return wants_text ? as_text(scope, value) : value;
  });
}

template <bool wants_all>
void run_has_keys(CallContext& context) {
  run_with_path(context, [](Scope&, std::string_view document, const JsonbPath& keys) {
    return has_keys(document, keys, wants_all);
  });
}

void add_paths(FunctionRegistry& registry) {
  registry.add(infix("#>", {types::jsonb, types::text}, types::jsonb,
                     {run_path<false>, true, true, {}}, "value at a path: '{a,0}'"));
  registry.add(infix("#>>", {types::jsonb, types::text}, types::text,
                     {run_path<true>, true, true, {}}, "value at a path as text"));
}

}  // namespace

void register_jsonb_operators(FunctionRegistry& registry) {
  add_fetch(registry);
  add_paths(registry);
  registry.add(infix("@>", {types::jsonb, types::jsonb}, types::boolean,
                     per_row([](std::string_view value, std::string_view part) {
                       return document_contains(value, part);
                     }),
                     "contains"));
  registry.add(infix("<@", {types::jsonb, types::jsonb}, types::boolean,
                     per_row([](std::string_view part, std::string_view value) {
                       return document_contains(value, part);
                     }),
                     "is contained in"));
  registry.add(infix("?", {types::jsonb, types::text}, types::boolean, per_row<has_key>(),
                     "has a key or an element"));
  registry.add(infix("?|", {types::jsonb, types::text}, types::boolean,
                     {run_has_keys<false>, true, true, {}}, "has one of the keys: '{a,b}'"));
  registry.add(infix("?&", {types::jsonb, types::text}, types::boolean,
                     {run_has_keys<true>, true, true, {}}, "has all of the keys: '{a,b}'"));
}

}  // namespace sluice
