#include "sql/unsupported_calls.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string>

#include "sql/foreign_words.hpp"
#include "sql/syntax_advice.hpp"

namespace sluice {

namespace {

struct KnownCall {
  std::string_view name;
  ErrorCode code;
};

constexpr KnownCall window_calls[] = {
    {"row_number", ErrorCode::unsupported_top_n}, {"rank", ErrorCode::unsupported_top_n},
    {"dense_rank", ErrorCode::unsupported_top_n}, {"lag", ErrorCode::unsupported_over},
    {"lead", ErrorCode::unsupported_over},        {"first_value", ErrorCode::unsupported_over},
    {"last_value", ErrorCode::unsupported_over},  {"nth_value", ErrorCode::unsupported_over},
    {"ntile", ErrorCode::unsupported_over},       {"percent_rank", ErrorCode::unsupported_over},
    {"cume_dist", ErrorCode::unsupported_over},
};

constexpr KnownCall other_calls[] = {
    {"array_agg", ErrorCode::unsupported_array},
    {"unnest", ErrorCode::unsupported_array},
    {"array_length", ErrorCode::unsupported_array},
    {"string_to_array", ErrorCode::unsupported_array},
    {"array_to_string", ErrorCode::unsupported_array},
    {"proctime", ErrorCode::unsupported_proctime},
    {"grouping", ErrorCode::unsupported_grouping_sets},
};

constexpr KnownCall table_calls[] = {
    {"tumble_rows", ErrorCode::unsupported_row_window},
    {"as_of", ErrorCode::unsupported_as_of},
    {"unnest", ErrorCode::unsupported_array},
    {"generate_series", ErrorCode::unsupported_sql},
    {"jsonb_array_elements", ErrorCode::unsupported_array},
    {"jsonb_array_elements_text", ErrorCode::unsupported_array},
};

// Aggregates of PostgreSQL and of others for which nothing else stands.
constexpr std::string_view aggregates[] = {
    "bit_and",
    "bit_or",
    "bit_xor",
    "collect",
    "collect_list",
    "collect_set",
    "corr",
    "covar_pop",
    "covar_samp",
    "json_agg",
    "json_arrayagg",
    "json_object_agg",
    "json_objectagg",
    "jsonb_agg",
    "jsonb_object_agg",
    "min_by",
    "mode",
    "percentile_cont",
    "percentile_disc",
    "range_agg",
    "range_intersect_agg",
    "regr_avgx",
    "regr_avgy",
    "regr_count",
    "regr_intercept",
    "regr_r2",
    "regr_slope",
    "regr_sxx",
    "regr_sxy",
    "regr_syy",
    "xmlagg",
};

// Beside the window functions.
constexpr std::string_view from_only[] = {"lookup", "as_of"};

bool report_foreign(BindState& state, ForeignWord kind, std::string_view name, uint32_t position) {
  const std::string_view advice = advice_for_foreign_word(kind, name);
  if (advice.empty()) return false;
  const std::string what = kind == ForeignWord::operation ? "operator" : "function";
  state.error(ErrorCode::unknown_function, position,
              what + " \"" + std::string(name) + "\" does not exist", std::string(advice));
  return true;
}

// Back ticks around names are read as operators.
bool report_back_ticks(BindState& state, std::string_view operation, uint32_t position) {
  if (operation.find('`') == std::string_view::npos) return false;
  state.error(ErrorCode::sql_syntax, position, std::string(back_ticks_message),
              std::string(back_ticks_advice));
  return true;
}

// first_value() and its like with OVER are window functions.
bool report_aggregate(BindState& state, const ParseNode& node, std::string_view name) {
  const AggregateRegistry& registry = state.functions().aggregates();
  if (node["over"].exists() || registry.has(name)) return false;
  std::string advice(registry.advice_for(name));
  if (advice.empty()) advice = advice_for_foreign_word(ForeignWord::aggregate, name);
  if (advice.empty()) {
    const auto* found = std::find(std::begin(aggregates), std::end(aggregates), name);
    if (found == std::end(aggregates)) return false;
    advice = describe(ErrorCode::unsupported_aggregate).advice;
  }
  state.error(ErrorCode::unsupported_aggregate, node.position(),
              std::string(name) + "() is not supported yet", advice);
  return true;
}

bool report_known(BindState& state, std::span<const KnownCall> known, std::string_view name,
                  uint32_t position) {
  for (const KnownCall& call : known) {
    if (call.name != name) continue;
    state.error(call.code, position, std::string(name) + "() is not supported yet",
                std::string(describe(call.code).advice));
    return true;
  }
  return false;
}

}  // namespace

bool report_unsupported_call(BindState& state, const ParseNode& node, std::string_view name) {
  const uint32_t position = node.position();
  if (report_aggregate(state, node, name)) return true;
  if (report_known(state, window_calls, name, position)) return true;
  if (node["over"].exists()) {
    state.error(ErrorCode::unsupported_over, position, "OVER is not supported yet",
                std::string(describe(ErrorCode::unsupported_over).advice));
    return true;
  }
  if (report_known(state, other_calls, name, position)) return true;
  if (report_foreign(state, ForeignWord::function, name, position)) return true;
  const bool is_table =
      state.windows().find(name) != nullptr ||
      std::find(std::begin(from_only), std::end(from_only), name) != std::end(from_only);
  if (!is_table) return false;
  state.error(ErrorCode::invalid_window, position,
              std::string(name) + "() is a table: it stands in FROM");
  return true;
}

bool report_unsupported_operator(BindState& state, std::string_view operation, uint32_t position) {
  return report_back_ticks(state, operation, position) ||
         report_foreign(state, ForeignWord::operation, operation, position);
}

bool report_unsupported_table(BindState& state, const ParseNode& node, std::string_view name) {
  return report_known(state, table_calls, name, node.position());
}

}  // namespace sluice
