// BindState: what the parts of the binder share while they bind one SQL text: names to bind to, and
// where problems go. Owned by bind_query or bind_expression for the time of one call; one thread.
// The binder reports a problem once and goes on: a null expression or relation means "reported".
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sql/binder.hpp"
#include "sql/sql_text.hpp"
#include "windows/window_functions.hpp"

namespace sluice {

// A bound expression. `untyped`: a quoted literal or NULL that still takes the type its place
// wants.
struct Bound {
  ExpressionPtr expression;
  bool untyped = false;

  explicit operator bool() const { return expression != nullptr; }
};

class BindState {
 public:
  BindState(const BindContext& context, std::string_view sql) : context_(context), text_(sql) {}

  const Catalog& catalog() const { return *context_.catalog; }
  const FunctionRegistry& functions() const { return *context_.functions; }
  const WindowFunctions& windows() const { return windows_; }
  const TimeZone& zone() const { return *context_.zone; }
  const SqlText& text() const { return text_; }

  // Underlines the token at `position`.
  void error(ErrorCode code, uint32_t position, std::string message, std::string suggestion = {});
  void warning(ErrorCode code, uint32_t position, std::string message, std::string suggestion = {});
  // The value, or null after its Error has been reported at `position`.
  Bound take(Result<ExpressionPtr> result, uint32_t position);

  bool has_errors() const;
  std::vector<SqlProblem> take_problems() { return std::move(problems_); }

 private:
  const BindContext& context_;
  const WindowFunctions windows_;
  SqlText text_;
  std::vector<SqlProblem> problems_;
};

}  // namespace sluice
