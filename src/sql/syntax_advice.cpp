#include "sql/syntax_advice.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "sql/foreign_words.hpp"
#include "sql/reserved_words.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

constexpr std::string_view interval_units[] = {
    "year", "years", "month",  "months",  "week",   "weeks",   "day",         "days",
    "hour", "hours", "minute", "minutes", "second", "seconds", "millisecond", "milliseconds"};

std::string lower(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// The tokens around the place where the parser stopped.
class Neighbourhood {
 public:
  Neighbourhood(const SqlText& text, uint32_t stop) : text_(text) {
    for (const uint32_t start : text.token_starts()) {
      if (start < stop) ++stop_;
      starts_.push_back(start);
    }
  }

  // Counted from where the parser stopped: 0 is that token, -1 the one before it.
  std::string_view at(int distance) const {
    const int index = stop_ + distance;
    const bool exists = index >= 0 && index < static_cast<int>(starts_.size());
    return exists ? text_.token_at(starts_[static_cast<size_t>(index)]) : std::string_view();
  }
  bool is(int distance, std::string_view word) const {
    return equals_ignoring_case(at(distance), word);
  }
  uint32_t start(int distance) const { return starts_[static_cast<size_t>(stop_ + distance)]; }
  // How far the first token lies before the stop.
  int first() const { return -stop_; }
  int last() const { return static_cast<int>(starts_.size()) - stop_ - 1; }

 private:
  const SqlText& text_;
  std::vector<uint32_t> starts_;
  int stop_ = 0;
};

bool is_number(std::string_view token) {
  return !token.empty() && token.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_quoted_number(std::string_view token) {
  return token.size() > 2 && token.front() == '\'' && is_number(token.substr(1, token.size() - 2));
}

bool is_name(std::string_view token) {
  return !token.empty() && lower(token).find_first_of("abcdefghijklmnopqrstuvwxyz_") == 0;
}

std::string without_quotes(std::string_view token) {
  return std::string(token.substr(1, token.size() - 2));
}

// TABLE(TUMBLE(TABLE orders, DESCRIPTOR(at), …)), as the SQL standard has it: TABLE stands in front
// of a bracket, or behind one in front of a name, where no name of a user does.
bool advise_on_window(const Neighbourhood& near, SqlProblem& problem) {
  if (!near.is(0, "table")) return false;
  const bool is_argument = near.at(-1) == "(" && near.at(1) != ")";
  if (near.at(1) != "(" && !is_argument) return false;
  problem.suggestion =
      "a window is written TUMBLE(orders, at, INTERVAL '1 minute'), without TABLE and DESCRIPTOR";
  return true;
}

bool advise_on_back_ticks(const SqlText& text, const Neighbourhood& near, SqlProblem& problem) {
  for (int i = near.first(); i <= near.last(); ++i) {
    if (near.at(i).find('`') == std::string_view::npos || near.at(i).front() == '\'') continue;
    problem.offset = near.start(i);
    problem.length = text.token_length(problem.offset);
    problem.message = back_ticks_message;
    problem.suggestion = back_ticks_advice;
    return true;
  }
  return false;
}

// INTERVAL '10' MINUTES, INTERVAL 10 MINUTE and INTERVAL n MINUTE.
bool advise_on_interval(const SqlText& text, const Neighbourhood& near, SqlProblem& problem) {
  // The unit is read as a name where one may stand: then the parser stops behind it.
  for (const int unit : {0, -1}) {
    if (!near.is(unit - 2, "interval") || !is_interval_unit(near.at(unit))) continue;
    const std::string_view amount = near.at(unit - 1);
    if (is_quoted_number(amount)) {
      const uint32_t start = near.start(unit - 2);
      problem = interval_trap(without_quotes(amount), lower(near.at(unit)), "is no unit of it");
      problem.offset = start;
      problem.length = text.token_length(start);
      return true;
    }
    if (!is_name(amount)) continue;
    problem.suggestion =
        "write " + std::string(amount) + " * INTERVAL '1 " + lower(near.at(unit)) + "'";
    return true;
  }
  if (!near.is(-1, "interval") || !is_number(near.at(0))) return false;
  const std::string unit = is_interval_unit(near.at(1)) ? " " + lower(near.at(1)) : " minutes";
  problem.suggestion = "write INTERVAL '" + std::string(near.at(0)) + unit + "'";
  return true;
}

// CURRENT_TIMESTAMP() and its like are words here, not calls. The parser stops at the first bracket
// where there may be none, else at the second, for a number may stand in them.
bool advise_on_clock(const Neighbourhood& near, SqlProblem& problem) {
  constexpr std::string_view clocks[] = {"current_date", "current_timestamp", "localtimestamp"};
  for (const int open : {0, -1}) {
    if (near.at(open) != "(" || near.at(open + 1) != ")") continue;
    const bool is_clock =
        std::any_of(std::begin(clocks), std::end(clocks),
                    [&](std::string_view clock) { return near.is(open - 1, clock); });
    if (!is_clock) continue;
    problem.suggestion = "write " + std::string(near.at(open - 1)) + ", without brackets";
    return true;
  }
  return false;
}

// A word of another dialect, at the stop or beside it; of casts also before it.
bool advise_on_foreign_word(const Neighbourhood& near, SqlProblem& problem) {
  const int farthest = near.is(0, "as") ? near.first() : -1;
  for (int i = 1; i >= farthest; --i) {
    const std::string word = lower(near.at(i));
    if (i < -1 && !word.ends_with("_cast")) continue;
    const std::string_view advice = advice_for_foreign_word(ForeignWord::syntax, word);
    if (advice.empty()) continue;
    problem.suggestion = advice;
    return true;
  }
  return false;
}

// The parser stops behind a name that it took for a keyword, or at it.
void advise_on_keyword(const SqlText& text, SqlProblem& problem) {
  for (const uint32_t place : {text.token_before(problem.offset), problem.offset}) {
    const std::string token(text.token_at(place));
    if (!is_reserved_name(token)) continue;
    problem.suggestion = "\"" + token + "\" is a keyword; as a name write it in double quotes";
    return;
  }
}

}  // namespace

bool is_interval_unit(std::string_view word) {
  return std::any_of(std::begin(interval_units), std::end(interval_units),
                     [&](std::string_view unit) { return equals_ignoring_case(unit, word); });
}

SqlProblem interval_trap(std::string_view number, std::string_view unit, std::string_view becomes) {
  const std::string amount(number);
  const std::string name(unit);
  SqlProblem problem{.code = ErrorCode::trap_interval_alias};
  problem.message = "INTERVAL '" + amount + "' is " + amount + " seconds, and \"" + name + "\" " +
                    std::string(becomes);
  problem.suggestion = "write INTERVAL '" + amount + " " + name + "'";
  return problem;
}

void advise_on_syntax(const SqlText& text, SqlProblem& problem) {
  const Neighbourhood near(text, problem.offset);
  if (advise_on_window(near, problem)) return;
  if (advise_on_back_ticks(text, near, problem)) return;
  if (advise_on_interval(text, near, problem)) return;
  if (advise_on_clock(near, problem)) return;
  if (advise_on_foreign_word(near, problem)) return;
  advise_on_keyword(text, problem);
}

}  // namespace sluice
