#include "sql/foreign_words.hpp"

#include <algorithm>
#include <iterator>

namespace sluice {

namespace {

struct Entry {
  ForeignWord kind;
  std::string_view word;
  std::string_view advice;
};

constexpr std::string_view window_table =
    "write FROM TUMBLE(orders, at, INTERVAL '1 minute') and take window_start or window_end from "
    "it";
constexpr std::string_view json_path =
    "there is no jsonpath: write j #> '{a,b}', or j #>> '{a,b}' for its text";
constexpr std::string_view coalesce = "write COALESCE(a, b)";
constexpr std::string_view case_when = "write CASE WHEN a THEN b ELSE c END";
constexpr std::string_view to_char = "write to_char(at, 'YYYY-MM-DD HH24:MI:SS')";
constexpr std::string_view parse_time = "write to_timestamp(t, 'YYYY-MM-DD HH24:MI:SS')";
constexpr std::string_view epoch = "write floor(extract(epoch FROM at))::bigint";
constexpr std::string_view time_plus = "write at + INTERVAL '1 day'";
constexpr std::string_view day_of_month = "write extract(day FROM at)";
constexpr std::string_view week = "write extract(week FROM at)";
constexpr std::string_view matches = "write a ~ 'pattern'";
constexpr std::string_view cast_if =
    "write CASE WHEN t ~ '^-?[0-9]+$' THEN t::int END, or let on_error of the step decide";
constexpr std::string_view versioned_join =
    "write LEFT JOIN LATERAL lookup('dim', o.key) d ON true, with dim under lookups";

constexpr std::string_view last_row =
    "for the last row of each key send the rows to a sink of mode upsert with that key; the "
    "largest "
    "value of a group is max()";

constexpr auto function = ForeignWord::function;
constexpr auto aggregate = ForeignWord::aggregate;
constexpr auto operation = ForeignWord::operation;
constexpr auto type = ForeignWord::type;
constexpr auto syntax = ForeignWord::syntax;

constexpr Entry entries[] = {
    {function, "approx_count_distinct", "write count(DISTINCT a)"},
    {function, "charindex", "write strpos(b, a): the text first"},
    {function, "clock_timestamp", "write now()"},
    {function, "convert", "write a::int, or another type"},
    {function, "curdate", "write current_date"},
    {function, "date_add", time_plus},
    {function, "date_format", to_char},
    {function, "date_sub", "write at - INTERVAL '1 day'"},
    {function, "dateadd", time_plus},
    {function, "datediff", "write a::date - b::date: the days from b to a"},
    {function, "day", day_of_month},
    {function, "dayofmonth", day_of_month},
    {function, "dayofweek", "write extract(dow FROM at) + 1: Sunday is 1"},
    {function, "dayofyear", "write extract(doy FROM at)"},
    {function, "descriptor", "name the column itself: TUMBLE(orders, at, INTERVAL '1 minute')"},
    {function, "from_unixtime", "write to_timestamp(n), and to_char of it for a text"},
    {function, "from_utc_timestamp", "write at AT TIME ZONE 'Asia/Shanghai'"},
    {function, "get_json_object", "write j #>> '{a,b}'"},
    {function, "hop_end", window_table},
    {function, "hop_rowtime", window_table},
    {function, "hop_start", window_table},
    {function, "hour", "write extract(hour FROM at)"},
    {function, "if", case_when},
    {function, "ifnull", coalesce},
    {function, "iif", case_when},
    {function, "instr", "write strpos(a, b)"},
    {function, "isnull", "write a IS NULL"},
    {function, "json_extract", "write j #> '{a,b}'"},
    {function, "json_query", json_path},
    {function, "json_value", json_path},
    {function, "jsonb_path_exists", json_path},
    {function, "jsonb_path_match", json_path},
    {function, "jsonb_path_query", json_path},
    {function, "jsonb_path_query_array", json_path},
    {function, "jsonb_path_query_first", json_path},
    {function, "lcase", "write lower(a)"},
    {function, "len", "write length(a)"},
    {function, "locate", "write strpos(b, a): the text first"},
    {function, "minute", "write extract(minute FROM at)"},
    {function, "month", "write extract(month FROM at)"},
    {function, "nvl", coalesce},
    {function, "nvl2", "write CASE WHEN a IS NOT NULL THEN b ELSE c END"},
    {function, "quarter", "write extract(quarter FROM at)"},
    {function, "regexp", matches},
    {function, "regexp_extract", "write substring(a FROM 'pattern')"},
    {function, "rlike", matches},
    {function, "second", "write floor(extract(second FROM at))"},
    {function, "session_end", window_table},
    {function, "session_start", window_table},
    {function, "split", "there are no arrays: write split_part(a, ',', 1)"},
    {function, "split_index", "write split_part(a, ',', 1): the first is 1"},
    {function, "str_to_date", parse_time},
    {function, "substring_index", "write split_part(a, ',', 1)"},
    {function, "sysdate", "write now()"},
    {function, "timestampadd", time_plus},
    {function, "timestampdiff", "write extract(epoch FROM b - a), which is in seconds"},
    {function, "to_timestamp_ltz", "write to_timestamp(ms / 1000.0)"},
    {function, "to_unix_timestamp", epoch},
    {function, "tumble_end", window_table},
    {function, "tumble_rowtime", window_table},
    {function, "tumble_start", window_table},
    {function, "ucase", "write upper(a)"},
    {function, "unix_timestamp", epoch},
    {function, "week", week},
    {function, "weekofyear", week},
    {function, "year", "write extract(year FROM at)"},

    {aggregate, "first", last_row},
    {aggregate, "first_value", last_row},
    {aggregate, "last", last_row},
    {aggregate, "last_value", last_row},
    {aggregate, "max_by", last_row},

    {operation, "<=>", "write a IS NOT DISTINCT FROM b"},
    {operation, "==", "write a = b"},
    {operation, "@?", json_path},
    {operation, "@@", json_path},

    {type, "array", "write jsonb"},
    {type, "bpchar", "write text"},
    {type, "byte", "write int"},
    {type, "bytes", "write text"},
    {type, "char", "write text"},
    {type, "character", "write text"},
    {type, "datetime", "write timestamp, or timestamptz for a point in time"},
    {type, "double", "write double precision"},
    {type, "float", "write double precision"},
    {type, "float4", "write double precision"},
    {type, "float64", "write double precision"},
    {type, "int16", "write int"},
    {type, "int2", "write int"},
    {type, "int32", "write int"},
    {type, "int64", "write bigint"},
    {type, "json", "write jsonb"},
    {type, "long", "write bigint"},
    {type, "map", "write jsonb"},
    {type, "name", "write text"},
    {type, "nvarchar", "write text"},
    {type, "real", "write double precision"},
    {type, "row", "write jsonb"},
    {type, "short", "write int"},
    {type, "signed", "write bigint"},
    {type, "smallint", "write int"},
    {type, "string", "write text"},
    {type, "struct", "write jsonb"},
    {type, "timestamp_ltz", "write timestamptz"},
    {type, "timestamp_ntz", "write timestamp"},
    {type, "tinyint", "write int"},
    {type, "unsigned", "write bigint"},
    {type, "uuid", "write text"},
    {type, "varchar", "write text"},

    {syntax, "div", "write a / b: of whole numbers it is whole"},
    {syntax, "qualify",
     "there is no QUALIFY and no top-N yet; the largest of a group is max(), the smallest min()"},
    {syntax, "regexp", matches},
    {syntax, "rlike", matches},
    {syntax, "safe_cast", cast_if},
    {syntax, "separator", "write string_agg(a, ',' ORDER BY b)"},
    {syntax, "system_time", versioned_join},
    {syntax, "try_cast", cast_if},
};

}  // namespace

std::string_view advice_for_foreign_word(ForeignWord kind, std::string_view word) {
  const auto found = std::find_if(std::begin(entries), std::end(entries), [&](const Entry& entry) {
    return entry.kind == kind && entry.word == word;
  });
  return found == std::end(entries) ? std::string_view() : found->advice;
}

}  // namespace sluice
