#include "sql/time_patterns.hpp"

#include <algorithm>
#include <string>

#include "expr/expression_tree.hpp"

namespace sluice {

namespace {

constexpr std::string_view functions[] = {"to_char", "to_timestamp", "to_date"};

bool takes_time_pattern(const Function& function) {
  return std::find(std::begin(functions), std::end(functions), function.name) !=
         std::end(functions);
}

std::string upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

// Where a month stands behind an hour, with a sign at most between them: `HH24:MM`.
size_t find_month_behind_hour(const std::string& pattern) {
  for (size_t hour = pattern.find("HH"); hour != std::string::npos;
       hour = pattern.find("HH", hour + 2)) {
    size_t next = hour + 2;
    if (pattern.compare(next, 2, "24") == 0 || pattern.compare(next, 2, "12") == 0) next += 2;
    if (next < pattern.size() && std::string_view(":.-_ ").find(pattern[next]) != std::string::npos)
      ++next;
    if (pattern.compare(next, 2, "MM") == 0) return next;
  }
  return std::string::npos;
}

// What was meant, in these patterns' own words.
std::string corrected(std::string pattern, size_t month) {
  pattern.replace(month, 2, "MI");
  const size_t hour = pattern.rfind("HH", month);
  const bool is_bare =
      pattern.compare(hour + 2, 2, "24") != 0 && pattern.compare(hour + 2, 2, "12") != 0;
  if (is_bare) pattern.insert(hour + 2, "24");
  return pattern;
}

}  // namespace

void warn_of_month_for_minute(BindState& state, const Bound& bound) {
  const auto* call = bound ? bound.expression->as<Call>() : nullptr;
  if (call == nullptr || !takes_time_pattern(*call->function) || call->arguments.size() != 2)
    return;
  const auto* constant = call->arguments[1]->as<Literal>();
  const bool is_text = constant != nullptr && !constant->value.is_null() &&
                       call->arguments[1]->type().kind == TypeKind::text;
  if (!is_text) return;
  const std::string pattern = upper(constant->value.get<std::string>());
  const size_t month = find_month_behind_hour(pattern);
  if (month == std::string::npos) return;
  const uint32_t place = call->arguments[1]->position();
  state.warning(ErrorCode::invalid_literal,
                place == Expression::no_position ? bound.expression->position() : place,
                "in this pattern mm is the month; the minute is MI, and HH counts to 12",
                "write '" + corrected(pattern, month) + "'");
}

}  // namespace sluice
