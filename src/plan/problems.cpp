#include "plan/problems.hpp"

#include <algorithm>

#include "sql/sql_text.hpp"

namespace sluice {

void PlanProblems::error(ErrorCode code, const PlanText& text, uint32_t position,
                         std::string message, std::string suggestion) {
  const uint32_t length = SqlText(text.text).token_length(position);
  problems_.push_back({.code = code,
                       .path = text.path,
                       .offset = position,
                       .length = length,
                       .message = std::move(message),
                       .suggestion = std::move(suggestion)});
}

void PlanProblems::warning(ErrorCode code, const PlanText& text, uint32_t position,
                           std::string message, std::string suggestion) {
  const uint32_t length = SqlText(text.text).token_length(position);
  problems_.push_back({.code = code,
                       .is_warning = true,
                       .path = text.path,
                       .offset = position,
                       .length = length,
                       .message = std::move(message),
                       .suggestion = std::move(suggestion)});
}

void PlanProblems::error(ErrorCode code, const std::string& path, std::string message,
                         std::string suggestion) {
  problems_.push_back({.code = code,
                       .path = path,
                       .message = std::move(message),
                       .suggestion = std::move(suggestion)});
}

void PlanProblems::add(const PlanText& text, const std::vector<SqlProblem>& problems) {
  for (const SqlProblem& problem : problems) {
    problems_.push_back({.code = problem.code,
                         .is_warning = problem.is_warning,
                         .path = text.path,
                         .offset = problem.offset,
                         .length = problem.length,
                         .message = problem.message,
                         .suggestion = problem.suggestion});
  }
}

bool PlanProblems::has_errors() const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [](const PlanProblem& problem) { return !problem.is_warning; });
}

}  // namespace sluice
