#include "oracle/samples.hpp"

#include <stdexcept>

#include "data/column_text.hpp"

namespace sluice::test {

namespace {

struct Role {
  std::string name;
  TypeKind type;
  std::vector<std::string> texts;
};

// Types, and numbers in the range that a function wants.
const std::vector<Role> number_roles{
    {"boolean", TypeKind::boolean, {"true", "false"}},
    {"integer",
     TypeKind::integer,
     {"0", "1", "-1", "2", "3", "7", "12", "42", "-13", "100", "1000", "65536", "2147483647"}},
    {"bigint",
     TypeKind::bigint,
     {"0", "1", "-1", "5", "18", "100", "-77", "4294967296", "123456789012",
      "9223372036854775807"}},
    {"double precision",
     TypeKind::double_precision,
     {"0", "1", "1.5", "-2.25", "3.14159", "0.1", "2.5", "3.5", "1e10", "-0.5", "100", "1e-7",
      "12345.678", "NaN", "Infinity"}},
    {"numeric",
     TypeKind::numeric,
     {"0", "1", "1.5", "-2.25", "100.00", "0.001", "12345.6789", "3", "7", "-0.5", "2.50", "99.995",
      "1000000", "0.00000001", "123456789.123456789", "NaN"}},
    {"text",
     TypeKind::text,
     {"", "a", "A", "abc", "Hello World", "foo-bar2x", "Zoë", "你好世界", "  padded  ", "a,b,,c",
      "it's", "12", "3.50", "2026-01-31", "aaa", "line\nbreak", "back\\slash", "😀 smile"}},
    {"date",
     TypeKind::date,
     {"2026-01-31", "2024-02-29", "1970-01-01", "1999-12-31", "2000-03-01", "2020-12-31",
      "2021-01-03", "0044-03-15 BC", "infinity"}},
    {"timestamp",
     TypeKind::timestamp,
     {"2026-01-31 12:34:56.789", "2024-02-29 00:00:00", "1970-01-01 00:00:00",
      "1969-12-31 23:59:59.999999", "2026-03-08 02:30:00", "2000-01-01 00:00:00",
      "2020-12-31 23:59:59.5", "0044-03-15 12:13:14 BC", "9999-12-31 23:59:59"}},
    {"timestamptz",
     TypeKind::timestamptz,
     {"2026-01-31 12:34:56.789+08", "2024-02-29 00:00:00+00", "1970-01-01 00:00:00+08",
      "1991-04-14 00:30:00+08", "1988-07-01 12:00:00+00", "2026-06-30 23:30:00-05",
      "2020-12-31 23:59:59.5+00", "9999-12-31 00:00:00+00"}},
    {"interval",
     TypeKind::interval,
     {"1 day", "1 month", "-1 month 3 days", "24:00:00", "1 year 2 mons 3 days 04:05:06.789",
      "00:00:00", "-00:00:01.5", "30 days", "1 mon -1 day", "10 minutes", "-40 days 25:00:00"}},
    {"jsonb",
     TypeKind::jsonb,
     {"1", "\"a\"", "null", "true", "[]", "{}", "[1, 2, \"x\"]", "{\"a\": 1, \"b\": [1, 2]}",
      "{\"a\": {\"b\": \"c\\nd\"}}", "-2.5", "{\"a\": null, \"0\": [null]}", "[[1], {\"a\": 1}]"}},
    {"small", TypeKind::integer, {"0", "1", "2", "3", "5", "-1", "-2", "10"}},
    {"count", TypeKind::integer, {"1", "1", "2", "3", "5", "10", "0"}},
    {"bigint small", TypeKind::bigint, {"0", "1", "5", "12", "30", "-1"}},
    {"year", TypeKind::integer, {"1", "1999", "2024", "2026", "-44", "0"}},
    {"month", TypeKind::integer, {"1", "2", "6", "12", "13"}},
    {"day", TypeKind::integer, {"1", "15", "28", "29", "31", "0"}},
    {"hour", TypeKind::integer, {"0", "5", "12", "23", "24"}},
    {"minute", TypeKind::integer, {"0", "7", "30", "59", "60"}},
    {"second", TypeKind::double_precision, {"0", "1.5", "30", "59.999999", "60", "61"}},
    {"code", TypeKind::integer, {"65", "97", "233", "8364", "128512", "0", "1114112"}},
    {"epoch", TypeKind::double_precision, {"0", "1.5", "1e9", "1767225600.123456", "-1", "1e18"}},
    {"unit interval", TypeKind::double_precision, {"0", "0.5", "-0.25", "1", "-1", "2"}},
    {"positive", TypeKind::double_precision, {"0.5", "1", "2.5", "100", "1e10", "0", "-1"}},
    {"positive numeric", TypeKind::numeric, {"0.5", "1", "2", "100.00", "12345.6789", "10", "0"}},
    {"exponent", TypeKind::numeric, {"0", "1", "-1.5", "2.25", "10", "20.5"}},
    {"exponent double", TypeKind::double_precision, {"0", "1", "-1.5", "2.25", "10", "710"}},
    {"letters", TypeKind::text, {"a", "b", "l", "x", " ", "", ",", "你", "o W", "abc"}},
};

// Texts and documents of a form, and what stands beside them.
const std::vector<Role> text_roles{
    {"number text", TypeKind::text, {"1", "-12", " 7 ", "42", "1.5", "1e3", "x", ""}},
    {"boolean text", TypeKind::text, {"true", "f", "yes", "0", "on", "maybe"}},
    {"date text", TypeKind::text, {"2026-01-31", "20240229", "Jan 5, 1999", "2026-02-30", "x"}},
    {"time text",
     TypeKind::text,
     {"2026-01-31 12:34:56.789", "2024-02-29T01:02:03Z", "1999-01-08 04:05 PST", "2026-01-31",
      "nonsense"}},
    {"interval text",
     TypeKind::text,
     {"1 day", "2 hours 30 minutes", "P1Y2M3DT4H5M6S", "-3 mons", "1:02:03", "x"}},
    {"json text",
     TypeKind::text,
     {"{\"b\": 1, \"a\": [1, 2]}", "[1,2]", "\"x\"", "12.50", "null", "{"}},
    {"json number", TypeKind::jsonb, {"1", "-2.5", "3000000000", "12.75", "\"a\"", "null"}},
    {"json boolean", TypeKind::jsonb, {"true", "false", "1"}},
    {"json array", TypeKind::jsonb, {"[]", "[1, 2, \"x\"]", "[[1], {\"a\": 1}]", "{}"}},
    {"json deep",
     TypeKind::jsonb,
     {"{\"a\": {\"b\": {\"x\": \"v\"}, \"a\": [1, [2, \"t\"]]}, \"0\": [null, {\"1\": 5}]}",
      "[[[1, 2], \"s\"], {\"a\": {\"a\": 1, \"b\": [7]}}]"}},
    {"json key", TypeKind::text, {"a", "b", "0", "1", "-1", "x"}},
};

// Fields and zones of times.
const std::vector<Role> time_roles{
    {"unit",
     TypeKind::text,
     {"microseconds", "milliseconds", "second", "minute", "hour", "day", "month", "quarter", "year",
      "decade", "century", "millennium", "Day", "week", "nonsense"}},
    {"field",
     TypeKind::text,
     {"microseconds", "milliseconds", "second", "minute", "hour", "day", "month", "quarter", "year",
      "decade", "century", "millennium", "epoch", "week", "dow", "isodow", "doy", "isoyear",
      "julian"}},
    {"date field",
     TypeKind::text,
     {"day", "month", "quarter", "year", "decade", "century", "millennium", "epoch", "week", "dow",
      "isodow", "doy", "isoyear", "julian", "hour"}},
    {"zone",
     TypeKind::text,
     {"UTC", "Asia/Shanghai", "America/New_York", "Europe/Berlin", "EST", "asia/tokyo", "+05:30",
      "Nowhere"}},
    {"zone interval", TypeKind::interval, {"08:00:00", "-03:30:00", "00:00:00", "1 day"}},
    {"stride", TypeKind::interval, {"15 minutes", "1 day", "7 days", "00:00:01", "1 mon"}},
};

// Formats of times, and what is read by them.
const std::vector<Role> time_format_roles{
    {"format",
     TypeKind::text,
     {"YYYY-MM-DD", "HH24:MI", "YYYY-MM-DD HH24:MI:SS.MS", "DD Mon YYYY", "HH12:MI AM", "DDD",
      "YYYYMMDDHH24MISS", "Q", "WW", "J", "CC", "FMMM/FMDD", "US", "SSSS", "\"at\" HH24\"x\"",
      "MM月DD日", "RM", "YY", "IYYY IW IDDD"}},
    {"date format",
     TypeKind::text,
     {"YYYY-MM-DD", "Day, DD Month YYYY", "FMDay FMDDth FMMonth", "IYYY-IW-ID", "BC", "D", "TZ",
      "OF", "HH24:MI:SS", "DY dy Dy", "MON", "YYYY年MM月"}},
    {"time format",
     TypeKind::text,
     {"YYYY-MM-DD",
      "YYYYMMDD",
      "FMYYYY-FMMM-FMDD",
      "DD.MM.YYYY HH24:MI:SS",
      "YYYY-MM-DD HH24:MI:SS.MS",
      "Mon DD, YYYY",
      "IYYY-IW-ID",
      "YYYY-DDD",
      "FXYYYY/MM/DD",
      "YY-MM-DD",
      "YYYY-MM-DD HH12:MI AM",
      "YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM",
      "YYYY MM",
      "Y,YYY-MM-DD",
      "YYYY-MM-DD SSSSS",
      "J",
      "CC YY",
      "YYYY-MM-DD HH24:MI:SS.FF3",
      "Day DD Month YYYY BC",
      "WW YYYY",
      "DDth RM YYYY",
      "YYYY-MM-DD TZ"}},
    {"formatted time",
     TypeKind::text,
     {"2026-01-31",
      "2026-1-3",
      "20240229",
      "31.01.2026 12:34:56",
      "2026-01-31 12:34:56.789",
      "2026-02-30",
      "Jan 5, 1999",
      "2026-05-3",
      "2026-031",
      "2026/01/31",
      "26-01-31",
      "2026-01-31 03:04 PM",
      "2026-01-31T12:34:56+05:30",
      "2026-01-31 12:34:56-08",
      "2,026-01-31",
      "2026-13-01",
      "  2026-01-31",
      "Saturday 31 January 2026 AD",
      "5 2026",
      "31st I 2026",
      "2461072",
      "x",
      ""}},
};

// Formats of numbers and texts, patterns, and what is read by them.
const std::vector<Role> format_roles{
    {"number format",
     TypeKind::text,
     {"999",        "FM999",   "990.00", "FM999,990.00", "S99999",  "999.99S",    "9G999D99",
      "FM9.99",     "PL99.9",  "99.9MI", "SG999",        "999PR",   "0000.0",     "FM0000.0",
      "L999",       "9.9EEEE", "999th",  "9V99",         ".99",     "\"n: \"999", "B99.9",
      "FM990.0099", "x9,999",  "9.9.9",  "FM999MI",      "99,9,99", "999TH"}},
    {"integer format",
     TypeKind::text,
     {"999", "RN", "FMRN", "FMrn", "FM00000", "9.9EEEE", "9,999PR"}},
    {"formatted number",
     TypeKind::text,
     {"12", "-34.5", "1,234.56", " 7.25", "+8", "<9>", "12-", "$5", "0.001", "abc", "5.01-", "",
      "123456", "1 2", "--1"}},
    {"pattern",
     TypeKind::text,
     {"%s", "<%s>", "%s and %s", "%L", "%I", "%5s|", "%-5s|", "%2$s %1$s", "%%", "plain", "%1$L",
      "%x"}},
    {"regex",
     TypeKind::text,
     {"a", "b+", "[a-c]+", "o", "(l+)(o)", "^a", "c$", "\\w+", "\\s", "\\d", "x*", "(a)|(b)", "你",
      "\\.", "[^a]", "(", "[[:alpha:]]+"}},
    {"flags", TypeKind::text, {"", "i", "c", "n", "z"}},
    {"replace flags", TypeKind::text, {"", "i", "g", "gi", "c", "z"}},
    {"replacement", TypeKind::text, {"", "X", "[\\1]", "\\&\\&", "\\\\", "世"}},
    {"like", TypeKind::text, {"%", "a%", "%c", "_", "a_c", "%b%", "Hello%", "%好%", "abc", "%\\"}},
    {"escape", TypeKind::text, {"#", "\\", "", "ab"}},
    {"similar",
     TypeKind::text,
     {"%#\"o#\"%", "#\"%#\"l%", "a#\"b#\"c", "%", "#\"_#\"%", "%(a|e)#\"l+#\"_*", "%#\"%",
      "#\"#\"#\""}},
    {"end option", TypeKind::integer, {"0", "1", "0", "1", "2"}},
    {"one up", TypeKind::integer, {"1", "2", "3", "1", "0"}},
};

const Role& role_of(std::string_view name) {
  for (const auto* roles :
       {&number_roles, &text_roles, &time_roles, &time_format_roles, &format_roles}) {
    for (const Role& role : *roles) {
      if (role.name == name) return role;
    }
  }
  throw std::runtime_error("no role " + std::string(name));
}

std::optional<std::string> draw(const Role& role, std::mt19937_64& random) {
  constexpr uint64_t null_every = 24;
  if (random() % null_every == 0) return std::nullopt;
  return role.texts[random() % role.texts.size()];
}

std::string column_name(const Role& role, size_t number) {
  std::string name = role.name + "_" + std::to_string(number);
  for (char& c : name) c = c == ' ' ? '_' : c;
  return name;
}

}  // namespace

const std::vector<std::string>& sample_texts(std::string_view role) { return role_of(role).texts; }

Samples::Samples(std::mt19937_64& random) {
  constexpr size_t columns_per_role = 3;
  std::vector<Role> roles = number_roles;
  for (const auto* more : {&text_roles, &time_roles, &time_format_roles, &format_roles}) {
    roles.insert(roles.end(), more->begin(), more->end());
  }
  for (const Role& role : roles) {
    for (size_t number = 1; number <= columns_per_role; ++number) {
      SampleColumn column{column_name(role, number), role.name, Type{role.type}, {}};
      for (size_t row = 0; row < rows; ++row) column.values.push_back(draw(role, random));
      columns_.push_back(std::move(column));
    }
  }
}

const SampleColumn& Samples::any_of(std::string_view role, std::mt19937_64& random) const {
  std::vector<const SampleColumn*> found;
  for (const SampleColumn& column : columns_) {
    if (column.role == role) found.push_back(&column);
  }
  if (found.empty()) throw std::runtime_error("no role " + std::string(role));
  return *found[random() % found.size()];
}

RecordBatch Samples::batch(const TimeZone& zone) const {
  std::vector<Field> fields;
  std::vector<ColumnPtr> made;
  for (const SampleColumn& column : columns_) {
    ColumnBuilder builder(column.type);
    for (const auto& value : column.values) {
      if (!value) {
        builder.append_null();
      } else if (const Status parsed = append_parsed(column.type, *value, zone, builder); !parsed) {
        throw std::runtime_error(*value + ": " + parsed.error().to_string());
      }
    }
    fields.push_back({column.name, column.type});
    made.push_back(builder.finish());
  }
  return RecordBatch(std::make_shared<Schema>(std::move(fields)), std::move(made), rows);
}

std::string Samples::table_sql() const {
  std::string sql = "CREATE TEMP TABLE samples (id int";
  for (const SampleColumn& column : columns_) {
    sql += ", " + column.name + " " + type_name(column.type);
  }
  sql += "); INSERT INTO samples VALUES ";
  for (size_t row = 0; row < rows; ++row) {
    sql += (row == 0 ? "(" : ", (") + std::to_string(row);
    for (const SampleColumn& column : columns_) {
      const auto& value = column.values[row];
      sql += ", " + (value ? quoted(*value) : "NULL");
    }
    sql += ")";
  }
  return sql;
}

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}

}  // namespace sluice::test
