// string_agg: the texts of a group in one, each behind the separator that its own row gives.
#include <string>

#include "expr/function_registry.hpp"

namespace sluice {

namespace {

constexpr size_t longest = 16'000'000;

Status join_texts(const OrderedRows& rows, ColumnBuilder& out) {
  if (rows.rows.empty()) {
    out.append_null();
    return {};
  }
  const auto* texts = rows.arguments[0]->values<std::string_view>();
  const Column& separators = *rows.arguments[1];
  std::string joined;
  for (size_t i = 0; i < rows.rows.size(); ++i) {
    const uint32_t row = rows.rows[i];
    // A NULL separates by nothing.
    if (i > 0 && !separators.is_null(row)) joined += separators.values<std::string_view>()[row];
    joined += texts[row];
    if (joined.size() > longest) {
      return fail(ErrorCode::value_out_of_range,
                  "string_agg makes a text of more than 16 million bytes");
    }
  }
  out.append_copy(joined);
  return {};
}

}  // namespace

void register_string_agg(FunctionRegistry& registry) {
  const std::string advice = "write string_agg(a, ',' ORDER BY b)";
  registry.aggregates().add(
      {.name = "string_agg",
       .arguments = {Type{TypeKind::text}, Type{TypeKind::text}},
       .result = Type{TypeKind::text},
       .fold_rows = join_texts,
       .help = "the texts in one, in the order of ORDER BY",
       .foreign = {{"group_concat", advice}, {"listagg", advice}, {"wm_concat", advice}}});
}

}  // namespace sluice
