// || of texts, of a text and a value of any other type, and of jsonb.
#include "data/column_text.hpp"
#include "expr/kernel.hpp"
#include "values/json/jsonb_build.hpp"

namespace sluice {

namespace {

void append_argument(const CallContext& context, size_t index, size_t row, std::string& out) {
  const Column& column = context.argument(index);
  format_value(column, column.size() == 1 ? 0 : row, context.zone(), out);
}

void run_concatenate(CallContext& context) {
  auto* result = context.result().mutable_values<std::string_view>();
  Scope scope(context);
  for_each_row(context, [&](size_t row) {
    std::string& buffer = scope.buffer();
    append_argument(context, 0, row, buffer);
    append_argument(context, 1, row, buffer);
    result[row] = scope.copy(buffer);
  });
}

std::string_view concatenate_texts(Scope& scope, std::string_view left, std::string_view right) {
  char* target = scope.arena().allocate(left.size() + right.size());
  left.copy(target, left.size());
  right.copy(target + left.size(), right.size());
  return {target, left.size() + right.size()};
}

}  // namespace

void register_concatenation(FunctionRegistry& registry) {
  registry.add(infix("||", {types::text, types::text}, types::text, per_row<concatenate_texts>(),
                     "one text after the other"));
  const KernelSpec mixed{run_concatenate, false, true, {}};
  for (const Type type : types::all) {
    if (type == types::text) continue;
    registry.add(stable(infix("||", {type, types::text}, types::text, mixed)));
    registry.add(stable(infix("||", {types::text, type}, types::text, mixed)));
  }
  registry.add(infix("||", {types::jsonb, types::jsonb}, types::jsonb,
                     per_row([](std::string_view left, std::string_view right) {
                       return concatenate_jsonb(left, right);
                     }),
                     "merges objects, joins arrays"));
}

}  // namespace sluice
