// PlanProblems: collects the problems of one build_plan call. One thread.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "plan/planner.hpp"
#include "sql/binder.hpp"

namespace sluice {

// A text of the file that problems point into: a step's SQL, a check, a column's expression.
struct PlanText {
  std::string path;
  std::string_view text;
};

class PlanProblems {
 public:
  // At the token of the text at `position`.
  void error(ErrorCode code, const PlanText& text, uint32_t position, std::string message,
             std::string suggestion = {});
  void warning(ErrorCode code, const PlanText& text, uint32_t position, std::string message,
               std::string suggestion = {});
  // At a field as a whole.
  void error(ErrorCode code, const std::string& path, std::string message,
             std::string suggestion = {});
  void add(const PlanText& text, const std::vector<SqlProblem>& problems);

  bool has_errors() const;
  std::vector<PlanProblem> take() { return std::move(problems_); }

 private:
  std::vector<PlanProblem> problems_;
};

}  // namespace sluice
