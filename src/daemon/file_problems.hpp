// How the problems of a pipeline's file are told where no terminal shows the file. Pure, but for
// the log; any thread.
#pragma once

#include <string>

#include "config/diagnostic.hpp"
#include "env/log.hpp"

namespace sluice {

// The first of the errors, or else of the warnings; empty without either.
struct FirstProblem {
  std::string code;   // E1302
  std::string place;  // pipelines/trade.yaml:7:3
  std::string text;   // pipelines/trade.yaml:7:3 E1302 … (and 2 more)
  std::string advice;
};
FirstProblem first_problem(const Diagnostics& diagnostics);
// One line for each problem.
void log_problems(const Diagnostics& diagnostics, Log& log);

}  // namespace sluice
