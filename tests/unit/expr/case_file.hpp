// CaseFile: expression cases as data, one a line:
//   infix + | integer 1 | bigint NULL => bigint NULL
//   function repeat | text 'ab' | integer 2 => text 'abab'
//   cast numeric(5,2) | 'x' => error invalid_text
// Arguments are a type and its text (quoted when it is text, NULL for none), or a quoted literal
// without a type. What stands behind => is PostgreSQL's answer: type and text, or the name of an
// error of the catalogue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/value.hpp"
#include "expr/function.hpp"

namespace sluice::test {

struct CaseArgument {
  Type type;
  std::optional<std::string> text;  // none: NULL
  bool untyped = false;
};

struct ExpressionCase {
  std::string file;
  int line = 0;
  std::string source;
  FunctionForm form = FunctionForm::function;
  std::string name;  // of a cast: the target type
  std::vector<CaseArgument> arguments;
  std::string expected;
};

// Every case of every file of tests/unit/expr/cases. Throws std::runtime_error on a line it cannot
// read.
std::vector<ExpressionCase> read_cases();

}  // namespace sluice::test
