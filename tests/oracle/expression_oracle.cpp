#include "oracle/expression_oracle.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <numeric>

#include "values/number/quad.hpp"

namespace sluice::test {

namespace {

// Where the engine stands by newer servers than the one that is asked. One that a server of
// `before_version` would also give is no difference.
struct OlderAnswer {
  std::string_view call;
  std::string_view beside;  // stands in the expression, too, or in the values of its columns
  std::string_view own;     // how the engine's answer starts
  std::string_view theirs;  // how PostgreSQL's does
  int before_version;       // of PostgreSQL
  std::string_view reason;
};

constexpr std::string_view wraps = "PostgreSQL before 18 lets years, months and days wrap around";
constexpr std::string_view no_infinity = "PostgreSQL before 17 has no infinite intervals";
constexpr std::string_view fixed_scale =
    "PostgreSQL before 17 gives powers of numeric the scale 16, whatever their size";
constexpr std::string_view no_zone = "PostgreSQL before 17 does not read zones by TZ and OF";
constexpr std::string_view last_bucket =
    "PostgreSQL before 17 rounds past the last bucket when its bounds fall";
constexpr std::string_view named_beside_fields =
    "PostgreSQL before 16 ignores the fields that stand beside epoch and infinity in a time";

constexpr std::string_view null_refused =
    "PostgreSQL before 18 does not cast the null of jsonb to numbers and booleans";
constexpr std::string_view no_weeks = "PostgreSQL before 18 extracts no week from intervals";
constexpr std::string_view lopsided_quarters =
    "PostgreSQL before 18 extracts other quarters from negative intervals";
constexpr std::string_view stray_words =
    "PostgreSQL before 17 takes an 'ago' and units anywhere in intervals";
constexpr std::string_view plain_decimals =
    "PostgreSQL before 16 reads whole numbers and numerics in plain decimals only";
constexpr std::string_view no_plus = "PostgreSQL before 16 does not read '+infinity' as a time";

constexpr std::string_view no_negative =
    "PostgreSQL before 17 takes right() by the smallest integer for 0 left out";

constexpr OlderAnswer older_answers[] = {
    {"right(", "", "text ", "text ", 170'000, no_negative},
    {"json", " = null", "", "error invalid_argument", 180'000, null_refused},
    {"'nu' || 'll')::jsonb::", "", "", "error invalid_argument", 180'000, null_refused},
    {"extract(", " = week", "", "error invalid_argument", 180'000, no_weeks},
    {"extract(week", "interval", "", "error invalid_argument", 180'000, no_weeks},
    {"date_part(", " = week", "", "error invalid_argument", 180'000, no_weeks},
    {"extract(", " = quarter", "", "", 180'000, lopsided_quarters},
    {"extract(quarter", "interval", "", "", 180'000, lopsided_quarters},
    {"date_part(", " = quarter", "", "", 180'000, lopsided_quarters},
    {"date_part('quarter'", "interval", "", "", 180'000, lopsided_quarters},
    {"::interval", "", "error invalid_text", "interval", 170'000, stray_words},
    {"'0", "::", "", "error invalid_text", 160'000, plain_decimals},
    {"'-0", "::", "", "error invalid_text", 160'000, plain_decimals},
    {"'1_", "::", "", "error invalid_text", 160'000, plain_decimals},
    {"'+inf", "::", "", "error invalid_text", 160'000, no_plus},
    {"make_interval(", "", "error value_out_of_range", "", 180'000, wraps},
    {"age(", "infinity", "", "", 170'000, no_infinity},
    {"age(", "", "error value_out_of_range", "", 170'000, no_infinity},
    {"age(", "", "interval infinity", "", 170'000, no_infinity},
    {"age(", "", "interval -infinity", "", 170'000, no_infinity},
    {"age(", "", "timestamp infinity", "", 170'000, no_infinity},
    {"age(", "", "timestamp -infinity", "", 170'000, no_infinity},
    {"::interval", "", "interval infinity", "error invalid_text", 170'000, no_infinity},
    {"::interval", "", "interval -infinity", "error invalid_text", 170'000, no_infinity},
    {"::interval", "infinity", "", "error invalid_text", 170'000, no_infinity},
    {"::interval", "Infinity", "", "error invalid_text", 170'000, no_infinity},
    {" * ", "age(", "", "error value_out_of_range", 170'000, no_infinity},
    {" * ", "interval", "", "error value_out_of_range", 170'000, no_infinity},
    {" - ", "interval", "", "error value_out_of_range", 170'000, no_infinity},
    {" - ", "timestamp", "", "error value_out_of_range", 170'000, no_infinity},
    {"^", "", "", "", 170'000, fixed_scale},
    {"pow(", "", "", "", 170'000, fixed_scale},
    {"power(", "", "", "", 170'000, fixed_scale},
    {"to_number(", "", "", "", 170'000, fixed_scale},
    {"to_date(", "", "", "error invalid_argument", 170'000, no_zone},
    {"to_timestamp(", "", "", "error invalid_argument", 170'000, no_zone},
    {"width_bucket(", "", "", "", 170'000, last_bucket},
    {"::timestamp", "infinity", "error invalid_text", "error value_out_of_range", 160'000,
     named_beside_fields},
    {"::date", "infinity", "error invalid_text", "error value_out_of_range", 160'000,
     named_beside_fields},
    {"::timestamp", "", "error invalid_text", "timestamp infinity", 160'000, named_beside_fields},
    {"::timestamp", "", "error invalid_text", "timestamp -infinity", 160'000, named_beside_fields},
    {"::timestamptz", "", "error invalid_text", "timestamptz infinity", 160'000,
     named_beside_fields},
    {"::timestamptz", "", "error invalid_text", "timestamptz -infinity", 160'000,
     named_beside_fields},
    {"::date", "", "error invalid_text", "date infinity", 160'000, named_beside_fields},
    {"::date", "", "error invalid_text", "date -infinity", 160'000, named_beside_fields},
};

constexpr std::string_view inexact =
    "powers, exponentials and logarithms of numeric are right to 30 digits";

// With equal scales: 9.99 and 10.00 differ in all digits, and in the last one only.
bool agrees_to_30_digits(const std::string& own, const std::string& theirs) {
  constexpr std::string_view type = "numeric ";
  if (!own.starts_with(type) || !theirs.starts_with(type)) return false;
  const auto one = Numeric::parse(own.substr(type.size()));
  const auto other = Numeric::parse(theirs.substr(type.size()));
  if (!one || !other || !one->is_finite() || !other->is_finite()) return false;
  const Quad difference = quad_of(*one) - quad_of(*other);
  const Quad size = quad_of(*other);
  const bool is_close =
      (difference < 0 ? -difference : difference) < (size < 0 ? -size : size) * Quad{1e-29};
  return is_close && one->scale() == other->scale();
}

constexpr std::string_view fails_before_rows =
    "PostgreSQL computes what has constants alone before any row, also in branches";

// Only then all rows have it.
bool fails_before_any_row(const Answer& own, const std::vector<Answer>& theirs) {
  return !own.warned_error.empty() &&
         std::all_of(theirs.begin(), theirs.end(),
                     [&](const Answer& answer) { return answer.text == own.warned_error; });
}

}  // namespace

uint64_t seed_of_run() {
  const char* given = std::getenv("SLUICE_ORACLE_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
}

void Coverage::operator+=(const Coverage& other) {
  compared += other.compared;
  values += other.values;
  nulls += other.nulls;
  errors += other.errors;
  past_limits += other.past_limits;
  known += other.known;
  older += other.older;
}

std::string Coverage::text() const {
  return std::to_string(compared) + " compared, " + std::to_string(values) + " values, " +
         std::to_string(nulls) + " null, " + std::to_string(errors) + " errors, " +
         std::to_string(past_limits) + " past limits, " + std::to_string(known) +
         " known differences, " + std::to_string(older) + " of an older server";
}

ExpressionOracle::ExpressionOracle()
    : seed_(seed_of_run()),
      random_(seed_),
      samples_(random_),
      oracle_(samples_),
      engine_(samples_, oracle_.now_us()),
      generator_(samples_, functions().all(), random_) {
  std::cout << "seed " << seed_ << " (SLUICE_ORACLE_SEED), PostgreSQL " << oracle_.version()
            << "\n";
}

bool ExpressionOracle::is_older(const std::string& sql, size_t row, const Answer& own,
                                const Answer& theirs) {
  const std::string asked = sql + values_of(sql, row);
  for (const OlderAnswer& known : older_answers) {
    const bool applies = oracle_.version() < known.before_version &&
                         own.text.starts_with(known.own) && theirs.text.starts_with(known.theirs);
    if (!applies || sql.find(known.call) == std::string::npos) continue;
    if (asked.find(known.beside) == std::string::npos) continue;
    ++known_by_reason_[known.reason];
    return true;
  }
  return false;
}

void ExpressionOracle::compare(const Question& question, const std::vector<Answer>& all_own,
                               const std::vector<Answer>& theirs, Coverage& coverage) {
  ASSERT_EQ(theirs.size(), question.rows.size()) << question.sql;
  for (size_t i = 0; i < question.rows.size(); ++i) {
    const Answer& own = all_own[question.rows[i]];
    ++coverage.compared;
    coverage.errors += own.is_error();
    coverage.nulls += own.is_null();
    coverage.values += !own.is_error() && !own.is_null();
    if (own.text == theirs[i].text) continue;
    if (own.is_past_limit) {
      ++coverage.past_limits;
    } else if (agrees_to_30_digits(own.text, theirs[i].text)) {
      ++known_by_reason_[inexact];
      ++coverage.known;
    } else if (fails_before_any_row(own, theirs)) {
      ++known_by_reason_[fails_before_rows];
      ++coverage.known;
    } else if (!own.foreign_construct.empty()) {
      ++known_by_reason_[own.foreign_construct];
      ++coverage.known;
    } else if (is_older(question.sql, question.rows[i], own, theirs[i])) {
      ++coverage.older;
    } else {
      report(question.sql, question.rows[i], own, theirs[i]);
    }
  }
}

void ExpressionOracle::compare_all(const std::vector<Question>& questions,
                                   std::vector<Coverage>& coverages) {
  const auto answers = oracle_.ask(questions);
  coverages.assign(questions.size(), {});
  for (size_t i = 0; i < questions.size(); ++i) {
    compare(questions[i], engine_.evaluate(questions[i].sql), answers[i], coverages[i]);
  }
}

std::string ExpressionOracle::values_of(const std::string& sql, size_t row) const {
  std::string values;
  for (const SampleColumn& column : samples_.columns()) {
    if (sql.find(column.name) == std::string::npos) continue;
    values += "\n  " + column.name + " = " + column.values[row].value_or("NULL");
  }
  return values;
}

void ExpressionOracle::report(const std::string& sql, size_t row, const Answer& own,
                              const Answer& theirs) {
  constexpr size_t most_reported = 60;
  if (++differences_ > most_reported) return;
  ADD_FAILURE() << sql << values_of(sql, row) << "\n  engine:     " << own.text
                << "\n  PostgreSQL: " << theirs.text << "\n  seed " << seed_;
}

std::vector<std::string> ExpressionOracle::draw(const std::function<std::string()>& next) {
  constexpr size_t fewest = 3;
  constexpr size_t most = 50;
  std::vector<std::string> drawn;
  bool has_value = false;
  while (drawn.size() < fewest || (!has_value && drawn.size() < most)) {
    drawn.push_back(next());
    const std::vector<Answer> answers = engine_.evaluate(drawn.back());
    has_value |= std::any_of(answers.begin(), answers.end(), [](const Answer& answer) {
      return !answer.is_error() && !answer.is_null();
    });
  }
  return drawn;
}

std::vector<size_t> ExpressionOracle::first_rows(size_t count) {
  std::vector<size_t> rows(count);
  std::iota(rows.begin(), rows.end(), size_t{0});
  return rows;
}

}  // namespace sluice::test
