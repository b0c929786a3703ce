// Expressions as they are written: calls with words between their arguments, and formats beside
// values that fit them.
#include <iterator>
#include <span>

#include "oracle/expression_oracle.hpp"

namespace sluice::test {

namespace {

constexpr std::string_view calls_with_words[] = {
    "extract(hour FROM timestamp_1)",
    "extract('epoch' FROM timestamptz_1)",
    "extract(day FROM interval_1)",
    "position(letters_1 IN text_1)",
    "substring(text_1 FROM small_1 FOR count_1)",
    "substring(text_1 FROM 2)",
    "substring(text_1 FOR 3)",
    "substring(text_1 FROM '[a-c]+')",
    "trim(text_1)",
    "trim(both 'a' FROM text_1)",
    "trim(leading FROM text_1)",
    "trim(trailing letters_1 FROM text_1)",
    "overlay(text_1 PLACING letters_1 FROM one_up_1)",
    "overlay(text_1 PLACING letters_1 FROM one_up_1 FOR count_1)",
    "timestamptz_1 AT TIME ZONE 'America/New_York'",
    "timestamp_1 AT TIME ZONE zone_1",
    "timestamptz_1 AT TIME ZONE 'america/los_angeles'",
    "timestamp_1 AT TIME ZONE 'america/port-au-prince'",
    "timestamp_1 AT TIME ZONE 'UTC+8'",
    "timestamptz_2 AT TIME ZONE '<+08>-08'",
    "timestamp_2 AT TIME ZONE 'EST5EDT,M3.2.0,M11.1.0'",
    "timestamptz_3 AT TIME ZONE 'CET-1CEST,M3.5.0,M10.5.0/3'",
    "timestamp_3 AT TIME ZONE 'foo5bar'",
    "timestamp_1 AT TIME ZONE '+0530'",
    "timestamp_1 AT TIME ZONE '5'",
    "('2026-07-01 12:00 utc+' || (integer_1 % 12))::timestamptz",
    "make_timestamptz(2026, 7, 1, 12, 0, 0, 'foo' || '5')",
    "date_trunc('day', timestamptz_1, 'america/los_angeles')",
    "text_1 SIMILAR TO '(a|b)%'",
    "text_1 NOT SIMILAR TO like_1",
    "text_1 SIMILAR TO similar_1 ESCAPE '#'",
    "text_1 NOT SIMILAR TO 'a#\"b#\"c' ESCAPE '#'",
    "substring(text_1 SIMILAR similar_1 ESCAPE '#')",
    "substring(text_2 FROM similar_2 FOR '#')",
    "substring(text_3, similar_3, escape_1)",
    "substring(text_1 SIMILAR '%' ESCAPE '#')",
    "substring('foobarbarfoo' || text_1 SIMILAR '%#\"(bar)+#\"%' ESCAPE '#')",
    "substring('foobarbarfoo' || text_1 SIMILAR '(f|foo|foob)#\"(ob|b|arb)%#\"(f|a)%' ESCAPE '#')",
    "substring('abcabcabc' || letters_1 SIMILAR '%a#\"%#\"c%' ESCAPE '#')",
    "substring('你好世界' || letters_1 SIMILAR '_#\"%#\"界%' ESCAPE '#')",
    "substring('abc' || letters_1 SIMILAR 'a#\"%' ESCAPE '#')",
    "substring('a\\\"b\\\"c' || letters_1 SIMILAR 'a#\"%#\"c_*' ESCAPE '#')",
    "similar_to_escape(similar_1, '#')",
    "similar_to_escape('a[#\"]#\"c' || letters_1, '#')",
    "text_1 LIKE 'a#%' ESCAPE '#'",
    "text_1 ILIKE like_1",
    "CURRENT_TIMESTAMP - timestamptz_1",
    "CURRENT_DATE - date_1",
    "justify_days(make_interval(0, 2147483647, 0, 29 + count_1))",
    "justify_hours(make_interval(0, 0, 0, -2147483647, -24 * small_1))",
    "justify_interval(make_interval(0, 2147483647, 0, 29, 24 * small_1))",
    "justify_interval(make_interval(0, -2147483647, 0, -59, 24 * small_1))",
    "justify_interval(make_interval(0, 0, 0, 2147483647, 24 * small_1))",
    "to_char(now(), 'YYYY-MM-DD HH24:MI:SS.US')",
    "boolean_1 IS NOT UNKNOWN",
    "integer_1 BETWEEN SYMMETRIC small_1 AND small_2",
    "small_1 IN (small_1, 1 / small_2)",
    "small_1 IN (1 / small_2, 0, 1, 2)",
    "small_1 NOT IN (0, small_1, 1 / (small_2 - small_2))",
    "small_1 IN (2.5, numeric_1, 1 / small_2)",
    "numeric_1::numeric(12,2)",
};

// More digits than a numeric holds, which are rounded before they count. The casts are of values,
// not of constants.
constexpr std::string_view long_numbers[] = {
    "('8.271806125530277e-2' || '5')::numeric(16,2)",
    "('12.34500000000000000000000000000000000000000' || '1')::numeric(16,2)",
    "('12.34500000000000000000000000000000000000000' || '1')::numeric::numeric(16,2)",
    "('1234567890123456789012345678901234567890' || '1')::numeric(16,2)",
    "round(('8.271806125530277e-2' || '5')::numeric, 2)",
    "round(('-12.3449999999999999999999999999999999999999' || '9')::numeric, 2)",
    "round(('-12.5000000000000000000000000000000000000000' || '1')::numeric)",
    "trunc(('-12.3499999999999999999999999999999999999999' || '9')::numeric, 2)",
    "trunc(('12.9999999999999999999999999999999999999999' || '9')::numeric)",
    "floor(('-12.0000000000000000000000000000000000000000' || '1')::numeric)",
    "ceil(('12.0000000000000000000000000000000000000000' || '1')::numeric)",
    "ceiling(('-12.0000000000000000000000000000000000000000' || '1')::numeric)",
    "round(('1249.99999999999999999999999999999999999999' || '9')::numeric, -2)",
    "('12.49999999999999999999999999999999999999999' || '9')::numeric::int",
    "('3000000000.49999999999999999999999999999999999999999' || '9')::numeric::bigint",
    "('3000000000.49999999999999999999999999999999999999999' || '9')::numeric::int",
    "round(('na' || 'n')::numeric, 2)",
    "round(('-in' || 'f')::numeric, 2)",
    "round(('12.x' || 'y')::numeric, 2)",
    "round(('12.x' || 'y')::numeric, nullif(small_1, small_1))",
    "trunc(('12.x' || 'y')::numeric, nullif(small_1, small_1))",
    "round(number_text_1::numeric, nullif(small_1, small_1))",
    "round(('{\"v\": 12.5' || '}')::jsonb::numeric, nullif(small_1, small_1))",
    "round((('{\"v\": 12.5' || '}')::jsonb -> 'v')::numeric, nullif(small_1, small_1))",
    "round(('12.x' || 'y')::numeric, 1 / (small_1 - small_1))",
    "trunc(double_precision_1::numeric, nullif(small_1, small_1))",
    "('8.271806125530277e-2' || '5')::double precision::numeric(16,2)",
    "round(('8.271806125530277e-2' || '5')::double precision::numeric, 2)",
    "trunc(('-8.271806125530277e-2' || '5')::double precision::numeric, 3)",
    "floor(('-8.271806125530277e-2' || '5')::double precision::numeric)",
    "ceil(('8.271806125530277e-2' || '5')::double precision::numeric)",
    "round(double_precision_1::numeric, small_1)",
    "floor(double_precision_2::numeric)",
    "double_precision_3::numeric(20,3)",
    "double_precision_3::numeric::int",
    "('8.271806125530277e-2' || '5')::double precision::numeric::int",
    "('{\"v\": 8.271806125530277e-2' || '5}')::jsonb -> 'v'",
    "(('{\"v\": 8.271806125530277e-2' || '5}')::jsonb -> 'v')::numeric(16,2)",
    "round((('{\"v\": 12.34500000000000000000000000000000000000000' || '1}')::jsonb -> "
    "'v')::numeric, 2)",
    "(('{\"v\": 12.49999999999999999999999999999999999999999' || '1}')::jsonb -> 'v')::int",
    "(('{\"v\": 12.49999999999999999999999999999999999999999' || '1}')::jsonb -> 'v')::bigint",
    "round(json_number_1::numeric, 1)",
    "trunc(number_text_1::numeric, 1)",
};

// What only the newer versions read, or refuse.
constexpr std::string_view newer_texts[] = {
    "right(letters_1 || 'abc', -2147483647 - (small_1 - small_1 + 1))",
    "('0x' || '1F')::int",
    "('-0o1' || '7')::bigint",
    "('0b1' || '1')::numeric",
    "('1_00' || '0')::bigint",
    "('1_000.2' || '5')::numeric",
    "('1_000.2' || '5')::numeric(6,1)",
    "round(('1_000.2' || '5')::numeric, 1)",
    "('1_000.5' || '0')::numeric::int",
    "('1_' || '0')::double precision",
    "('0x1' || '.8p3')::double precision",
    "('+inf' || 'inity')::date",
    "('+inf' || 'inity')::timestamp",
    "('+inf' || 'inity')::timestamptz",
    "('1 day' || ' ago ago')::interval",
    "('ago 1' || ' day')::interval",
    "('1 day' || ' hour')::interval",
    "('day 1' || ' second')::interval",
    "('nu' || 'll')::jsonb::boolean",
    "('nu' || 'll')::jsonb::int",
    "('nu' || 'll')::jsonb::bigint",
    "('nu' || 'll')::jsonb::double precision",
    "('nu' || 'll')::jsonb::numeric(5,2)",
    "round(('nu' || 'll')::jsonb::numeric, 1)",
    "('nu' || 'll')::jsonb::numeric::int",
    "extract(week FROM ('-17 da' || 'ys')::interval)",
    "extract(quarter FROM ('-1 mo' || 'n')::interval)",
    "extract(quarter FROM ('-4 mo' || 'n')::interval)",
    "extract(quarter FROM ('-7 mo' || 'n')::interval)",
    "extract(quarter FROM ('-11 mo' || 'n')::interval)",
    "date_part('quarter', ('-11 mo' || 'n')::interval)",
};

constexpr std::string_view formats[] = {
    "to_char(numeric_1, 'FM999,999,990.00')",
    "to_char(numeric_2, '999D99S')",
    "to_char(numeric_3, 'SG999G990.999')",
    "to_char(numeric_1, '0.99EEEE')",
    "to_char(numeric_1 * 1000, 'L9,999,999.9')",
    "to_char(double_precision_1, 'FM99990.0999')",
    "to_char(double_precision_2, '99.9999999999999999')",
    "to_char(double_precision_3, 'S9.9EEEE')",
    "to_char(integer_1, 'FM0000000000')",
    "to_char(integer_2 % 4000, 'RN')",
    "to_char(small_1, '9th')",
    "to_char(bigint_1, '9,999,999,999,999,999,999')",
    "to_char(bigint_2, '9.99EEEE')",
    "to_char(bigint_3, '99999V99')",
    "to_char(boolean_1::int, 'FM9')",
    "to_char(small_1 * interval '-12 hours', 'HH FMHH HH12 HH24')",
    "to_char(small_1 * interval '-7:30', 'HH FMHH HH12 HH24 MI')",
    "to_char(small_1 * interval '-60 months', 'Y I YY IY YYY IYY YYYY IYYY FMY FMYY')",
    "to_number(to_char(numeric_1, '9999999999D99S'), '9999999999D99S')",
    "to_number(to_char(integer_1, 'FM9,999,999,999'), '9,999,999,999')",
    "to_number(to_char(small_1, '99PR'), '99PR')",
    "to_number('$' || small_1 || '.50', 'L99.99')",
    "to_number('1234', '99V99')",
    "to_date(to_char(date_1, 'YYYY-MM-DD BC'), 'YYYY-MM-DD BC')",
    "to_date(to_char(date_2, 'DD Mon YYYY AD'), 'DD Mon YYYY AD')",
    "to_date(to_char(date_3, 'FMDay, FMDDth FMMonth YYYY BC'), 'FMDay, FMDDth FMMonth YYYY BC')",
    "to_date(to_char(date_1, 'IYYY-IW-ID'), 'IYYY-IW-ID')",
    "to_date(to_char(date_1, 'IYYY-IDDD'), 'IYYY-IDDD')",
    "to_date(to_char(date_2, 'YYYY-DDD'), 'YYYY-DDD')",
    "to_date(to_char(date_3, 'J'), 'J')",
    "to_date(to_char(date_1, 'YYYY WW'), 'YYYY WW')",
    "to_date(to_char(date_1, 'YYYY MM W'), 'YYYY MM W')",
    "to_date(to_char(date_2, 'CC YY'), 'CC YY')",
    "to_date(to_char(date_2, 'DD RM YYYY'), 'DD RM YYYY')",
    "to_date(to_char(date_2, 'YYYYMMDD'), 'YYYYMMDD')",
    "to_date(to_char(date_2, 'Y,YYY-MM-DD'), 'Y,YYY-MM-DD')",
    "to_date(to_char(date_2, 'MM-DD'), 'MM-DD')",
    "to_date('', 'YYYY')",
    "to_date('2026-01-31', '')",
    "to_date(year_1 || '-' || month_1 || '-' || day_1, 'YYYY-MM-DD')",
    "to_date(lpad(year_1::text, 4, '0') || lpad(month_1::text, 2, '0'), 'YYYYMM')",
    "to_timestamp(to_char(timestamp_1, 'YYYY-MM-DD HH24:MI:SS.US BC'), "
    "'YYYY-MM-DD HH24:MI:SS.US BC')",
    "to_timestamp(to_char(timestamptz_2, 'YYYY-MM-DD HH12:MI:SS.MS PM'), "
    "'YYYY-MM-DD HH12:MI:SS.MS PM')",
    "to_timestamp(to_char(timestamptz_3, 'YYYYMMDDHH24MISSUS'), 'YYYYMMDDHH24MISSUS')",
    "to_timestamp(to_char(timestamp_1, 'YYYY-MM-DD SSSSS BC'), 'YYYY-MM-DD SSSSS BC')",
    "to_timestamp(to_char(timestamp_2, 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+05:30', "
    "'YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM')",
    "to_timestamp(to_char(timestamp_2, 'YYYY-MM-DD HH24:MI:SS.FF6'), 'YYYY-MM-DD HH24:MI:SS.FF3')",
    "to_timestamp(hour_1 || ':' || minute_1, 'HH24:MI')",
    "to_timestamp(hour_1 || ':' || minute_1 || ' am', 'HH12:MI PM')",
    "to_timestamp('  2026   01  31', 'YYYY MM DD')",
    "to_timestamp('2026/01/31', 'FXYYYY-MM-DD')",
    "to_timestamp('2026  01', 'FXYYYY MM')",
    "format('%s|%L|%I', text_1, text_2, text_3)",
    "format('%-10s|%10s|', text_1, numeric_1)",
    "format('%2$s %1$s %s', boolean_1, integer_1)",
    "format('%*s|%-*s', small_1, text_1, small_2, text_2)",
    "format('%1$*2$s', text_1, count_1)",
    "format('%s %s', timestamptz_1, jsonb_1)",
    "format(like_1, text_1, text_2)",
    "quote_ident(text_1 || letters_1)",
    "quote_ident('user')",
    "md5(text_1)",
    "jsonb_set(json_deep_1, '{a,b}', jsonb_1)",
    "jsonb_set(json_deep_1, '{a,c}', jsonb_1, boolean_1)",
    "jsonb_set(json_array_1, '{-1}', jsonb_1)",
    "jsonb_set(json_array_1, '{7}', jsonb_1, boolean_1)",
    "jsonb_set(jsonb_1, '{a}', jsonb_2)",
    "jsonb_set(jsonb_1, '{}', jsonb_2)",
    "jsonb_insert(json_array_1, '{1}', jsonb_1, boolean_1)",
    "jsonb_insert(json_deep_1, '{a,z}', jsonb_1)",
    "jsonb_insert(jsonb_1, '{-9}', jsonb_2)",
    "jsonb_1 - 'a'",
    "jsonb_1 - 0",
    "json_deep_1 #- '{a,a,1,0}'",
    "jsonb_1 #- '{b,x}'",
    "jsonb_1 ?| '{a,x}'",
    "jsonb_1 ?& '{a,b}'",
    "jsonb_1 ?& '{}'",
};

}  // namespace

class WrittenForms : public ExpressionOracle {
 protected:
  void expect_same(std::span<const std::string_view> forms) {
    std::vector<Question> questions;
    for (const std::string_view form : forms) questions.push_back({std::string(form), all_rows()});
    std::vector<Coverage> coverages;
    compare_all(questions, coverages);
    EXPECT_EQ(differences_, 0u);
    for (const Coverage& coverage : coverages) past_limits_ += coverage.past_limits;
  }

  size_t past_limits_ = 0;
};

TEST_F(WrittenForms, CallsWithWordsBetweenArguments_GivePostgresAnswers) {
  expect_same(calls_with_words);
}

TEST_F(WrittenForms, LongNumbersThatAreRounded_GivePostgresAnswers) {
  expect_same(long_numbers);
  EXPECT_EQ(past_limits_, 0u) << "a digit was counted that is rounded away";
}

TEST_F(WrittenForms, TextsThatOnlyNewerVersionsRead_GiveTheNewestAnswers) {
  expect_same(newer_texts);
}

TEST_F(WrittenForms, FormatsThatFitTheirValues_GivePostgresAnswers) { expect_same(formats); }

}  // namespace sluice::test
