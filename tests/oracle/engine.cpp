#include "oracle/engine.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "data/column_text.hpp"
#include "expr/in_pieces.hpp"
#include "sql/binder.hpp"

namespace sluice::test {

namespace {

// What RE2 says of constructs that it lacks. Anything else that it refuses, PostgreSQL has to
// refuse.
struct ForeignConstruct {
  std::string_view refusal;  // how the message goes on
  std::string_view name;
};

constexpr ForeignConstruct foreign_constructs[] = {
    {": invalid perl operator: (?=", "look-ahead"},
    {": invalid perl operator: (?!", "look-ahead"},
    {": invalid perl operator: (?<", "look-behind"},
    {": invalid escape sequence: \\1", "back reference"},
    {": invalid escape sequence: \\m", "start of a word"},
    {": invalid escape sequence: \\M", "end of a word"},
    {": invalid escape sequence: \\y", "boundary of a word"},
    {": invalid escape sequence: \\Y", "no boundary of a word"},
    {" option: \"b\"", "basic regular expression"},
    {" option: \"e\"", "extended regular expression"},
    {" option: \"x\"", "expanded syntax"},
};

std::string_view foreign_construct(std::string_view message) {
  constexpr std::string_view start = "invalid regular expression";
  if (!message.starts_with(start)) return {};
  message.remove_prefix(start.size());
  for (const ForeignConstruct& construct : foreign_constructs) {
    if (message.starts_with(construct.refusal)) return construct.name;
  }
  return {};
}

std::string error_text(ErrorCode code) { return "error " + std::string(describe(code).name); }

Answer error_answer(ErrorCode code, const std::string& message) {
  // These codes stand for other problems, too: the message tells them apart.
  Answer answer{error_text(code)};
  answer.is_past_limit = message.find("38 digits") != std::string::npos ||
                         message.find("bytes of memory") != std::string::npos;
  answer.foreign_construct = foreign_construct(message);
  return answer;
}

std::string value_text(const Column& column, size_t row, const TimeZone& zone) {
  std::string text = type_name(Type{column.type().kind}) + " ";
  if (column.is_null(row)) return text + "NULL";
  format_value(column, row, zone, text);
  return text;
}

}  // namespace

const FunctionRegistry& functions() {
  static const FunctionRegistry* registry = [] {
    auto* filled = new FunctionRegistry;
    register_builtin_functions(*filled);
    return filled;
  }();
  return *registry;
}

Engine::Engine(const Samples& samples, int64_t now_us)
    : zone_(*TimeZone::load("Asia/Shanghai")), now_us_(now_us), batch_(samples.batch(zone_)) {}

std::vector<Answer> Engine::evaluate(const std::string& sql) const {
  const BindExpressionResult bound =
      bind_expression(sql, *batch_.schema(), {nullptr, &functions(), &zone_});
  if (!bound.expression) {
    const SqlProblem& problem =
        *std::find_if(bound.problems.begin(), bound.problems.end(),
                      [](const SqlProblem& found) { return !found.is_warning; });
    return std::vector<Answer>(Samples::rows, error_answer(problem.code, problem.message));
  }
  std::vector<Answer> answers;
  const Status evaluated = evaluate_in_pieces(
      *bound.expression, batch_, {&zone_, now_us_},
      [&](const RecordBatch& piece, const ColumnPtr& values,
          const std::vector<RowError>& errors) -> Status {
        const size_t first = answers.size();
        for (size_t row = 0; row < piece.rows(); ++row)
          answers.push_back({value_text(*values, row, zone_)});
        for (const RowError& error : errors)
          answers[first + error.row] = error_answer(error.error.code, error.error.message);
        return {};
      });
  SLUICE_ASSERT(evaluated.has_value(), "nothing but a budget refuses to evaluate");
  for (Answer& answer : answers) {
    if (!bound.problems.empty()) answer.warned_error = error_text(bound.problems.front().code);
  }
  return answers;
}

}  // namespace sluice::test
