// jsonb_set, jsonb_insert, #- and - of jsonb.
#include "expr/kernel.hpp"
#include "values/json/jsonb_edit.hpp"

namespace sluice {

namespace {

using namespace types;

// Document, path, and, unless it erases, the value and optionally whether to act the second way.
template <JsonbEdit by_default, JsonbEdit if_true, JsonbEdit if_false>
void run_edit(CallContext& context) {
  const Input<std::string_view> documents(context.argument(0));
  const Input<std::string_view> literals(context.argument(1));
  std::optional<Input<std::string_view>> values;
  std::optional<Input<bool>> choices;
  if (context.argument_count() > 2) values.emplace(context.argument(2));
  if (context.argument_count() > 3) choices.emplace(context.argument(3));
  Scope scope(context);
  LastJsonbPath paths;
  for_each_row(context, [&](size_t row) {
    const Result<JsonbPath>& path = paths.of(literals[row]);
    if (!path) return context.fail_row(row, path.error());
    const JsonbEdit edit = !choices ? by_default : (*choices)[row] ? if_true : if_false;
    const std::string_view value = values ? (*values)[row] : std::string_view();
    store(context, scope, row, edit_jsonb(edit, documents[row], *path, value));
  });
}

void add_edit(FunctionRegistry& registry, const char* name, Kernel run, const char* help) {
  const KernelSpec spec{run, true, true, {}};
  registry.add(function(name, {jsonb, text, jsonb}, jsonb, spec, help));
  registry.add(function(name, {jsonb, text, jsonb, boolean}, jsonb, spec, help));
}

}  // namespace

void register_jsonb_editing(FunctionRegistry& registry) {
  using enum JsonbEdit;
  add_edit(registry, "jsonb_set", run_edit<set, set, replace>,
           "with another value at a path: jsonb_set(doc, '{a,0}', '1')");
  add_edit(registry, "jsonb_insert", run_edit<insert_before, insert_after, insert_before>,
           "with a value inserted at a path");
  registry.add(infix("#-", {jsonb, text}, jsonb, {run_edit<erase, erase, erase>, true, true, {}},
                     "without what is at a path: '{a,0}'"));
  registry.add(infix("-", {jsonb, text}, jsonb, per_row<erase_key>(), "without a key or element"));
  registry.add(infix("-", {jsonb, integer}, jsonb, per_row<erase_element>(),
                     "without an element, from 0, negative from the end"));
}

}  // namespace sluice
