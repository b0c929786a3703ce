#include "sql/unsupported_calls.hpp"

#include <span>
#include <string>

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
    {"string_agg", ErrorCode::unsupported_aggregate},
    {"json_agg", ErrorCode::unsupported_aggregate},
    {"jsonb_agg", ErrorCode::unsupported_aggregate},
    {"json_object_agg", ErrorCode::unsupported_aggregate},
    {"jsonb_object_agg", ErrorCode::unsupported_aggregate},
    {"stddev", ErrorCode::unsupported_aggregate},
    {"stddev_pop", ErrorCode::unsupported_aggregate},
    {"stddev_samp", ErrorCode::unsupported_aggregate},
    {"variance", ErrorCode::unsupported_aggregate},
    {"var_pop", ErrorCode::unsupported_aggregate},
    {"var_samp", ErrorCode::unsupported_aggregate},
    {"percentile_cont", ErrorCode::unsupported_aggregate},
    {"percentile_disc", ErrorCode::unsupported_aggregate},
    {"mode", ErrorCode::unsupported_aggregate},
    {"corr", ErrorCode::unsupported_aggregate},
    {"bit_and", ErrorCode::unsupported_aggregate},
    {"bit_or", ErrorCode::unsupported_aggregate},
    {"proctime", ErrorCode::unsupported_proctime},
    {"grouping", ErrorCode::unsupported_grouping_sets},
};

// Of other dialects, and what stands for them here.
struct ForeignCall {
  std::string_view name;
  std::string_view advice;
};

constexpr std::string_view window_table_advice =
    "write FROM TUMBLE(orders, at, INTERVAL '1 minute') and take window_start or window_end from "
    "it";
constexpr std::string_view json_path_advice =
    "there is no jsonpath: write j #> '{a,b}', or j #>> '{a,b}' for its text";

constexpr ForeignCall foreign_calls[] = {
    {"tumble_start", window_table_advice},
    {"tumble_end", window_table_advice},
    {"tumble_rowtime", window_table_advice},
    {"hop_start", window_table_advice},
    {"hop_end", window_table_advice},
    {"hop_rowtime", window_table_advice},
    {"session_start", window_table_advice},
    {"session_end", window_table_advice},
    {"descriptor", "name the column itself: TUMBLE(orders, at, INTERVAL '1 minute')"},
    {"jsonb_path_query", json_path_advice},
    {"jsonb_path_query_first", json_path_advice},
    {"jsonb_path_query_array", json_path_advice},
    {"jsonb_path_exists", json_path_advice},
    {"jsonb_path_match", json_path_advice},
    {"json_value", json_path_advice},
    {"json_query", json_path_advice},
};

constexpr KnownCall table_calls[] = {
    {"session", ErrorCode::unsupported_session},
    {"tumble_rows", ErrorCode::unsupported_row_window},
    {"as_of", ErrorCode::unsupported_as_of},
    {"unnest", ErrorCode::unsupported_array},
    {"generate_series", ErrorCode::unsupported_sql},
    {"jsonb_array_elements", ErrorCode::unsupported_array},
    {"jsonb_array_elements_text", ErrorCode::unsupported_array},
};

constexpr std::string_view from_only[] = {"tumble",  "hop",    "cumulate",
                                          "session", "lookup", "as_of"};

bool report_foreign(BindState& state, std::string_view name, uint32_t position) {
  for (const ForeignCall& call : foreign_calls) {
    if (call.name != name) continue;
    state.error(ErrorCode::unknown_function, position,
                "function \"" + std::string(name) + "\" does not exist", std::string(call.advice));
    return true;
  }
  return false;
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
  if (report_known(state, window_calls, name, position)) return true;
  if (node["over"].exists()) {
    state.error(ErrorCode::unsupported_over, position, "OVER is not supported yet",
                std::string(describe(ErrorCode::unsupported_over).advice));
    return true;
  }
  if (report_known(state, other_calls, name, position)) return true;
  if (report_foreign(state, name, position)) return true;
  for (const std::string_view table : from_only) {
    if (table != name) continue;
    state.error(ErrorCode::invalid_window, position,
                std::string(name) + "() is a table: it stands in FROM");
    return true;
  }
  return false;
}

bool report_unsupported_operator(BindState& state, std::string_view operation, uint32_t position) {
  if (operation != "@?" && operation != "@@") return false;
  state.error(ErrorCode::unknown_function, position,
              "operator \"" + std::string(operation) + "\" does not exist",
              std::string(json_path_advice));
  return true;
}

bool report_unsupported_table(BindState& state, const ParseNode& node, std::string_view name) {
  return report_known(state, table_calls, name, node.position());
}

}  // namespace sluice
