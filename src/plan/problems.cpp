#include "plan/problems.hpp"

#include <algorithm>

#include "sql/sql_text.hpp"

namespace sluice {

void PlanProblems::error(ErrorCode code, const PlanText& text, uint32_t position,
                         std::string message, std::string suggestion) {
  const uint32_t length = SqlText(text.text).token_length(position);
  problems_.push_back(
      {code, false, text.path, position, length, std::move(message), std::move(suggestion)});
}

void PlanProblems::warning(ErrorCode code, const PlanText& text, uint32_t position,
                           std::string message, std::string suggestion) {
  const uint32_t length = SqlText(text.text).token_length(position);
  problems_.push_back(
      {code, true, text.path, position, length, std::move(message), std::move(suggestion)});
}

void PlanProblems::error(ErrorCode code, const std::string& path, std::string message,
                         std::string suggestion) {
  problems_.push_back({code, false, path, 0, 0, std::move(message), std::move(suggestion)});
}

void PlanProblems::add(const PlanText& text, const std::vector<SqlProblem>& problems) {
  for (const SqlProblem& problem : problems) {
    problems_.push_back({problem.code, problem.is_warning, text.path, problem.offset,
                         problem.length, problem.message, problem.suggestion});
  }
}

bool PlanProblems::has_errors() const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [](const PlanProblem& problem) { return !problem.is_warning; });
}

}  // namespace sluice
