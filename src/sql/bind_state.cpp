#include "sql/bind_state.hpp"

#include <algorithm>

namespace sluice {

void BindState::error(ErrorCode code, uint32_t position, std::string message,
                      std::string suggestion) {
  problems_.push_back({.code = code,
                       .offset = position,
                       .length = text_.token_length(position),
                       .message = std::move(message),
                       .suggestion = std::move(suggestion)});
}

void BindState::warning(ErrorCode code, uint32_t position, std::string message,
                        std::string suggestion) {
  problems_.push_back({.code = code,
                       .is_warning = true,
                       .offset = position,
                       .length = text_.token_length(position),
                       .message = std::move(message),
                       .suggestion = std::move(suggestion)});
}

Bound BindState::take(Result<ExpressionPtr> result, uint32_t position) {
  if (result) return {std::move(*result)};
  Error failure = std::move(result).error();
  // What a row may do wrong at run time is, in a constant, wrong SQL.
  const bool is_value = failure.code == ErrorCode::invalid_text ||
                        failure.code == ErrorCode::value_out_of_range ||
                        failure.code == ErrorCode::invalid_argument;
  error(is_value ? ErrorCode::invalid_literal : failure.code, position, std::move(failure.message),
        std::move(failure.advice));
  return {};
}

bool BindState::has_errors() const {
  return std::any_of(problems_.begin(), problems_.end(),
                     [](const SqlProblem& problem) { return !problem.is_warning; });
}

}  // namespace sluice
