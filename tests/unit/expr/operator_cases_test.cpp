// Runs tests/unit/expr/cases: each case with constant arguments, and all cases of one signature as
// the rows of a batch.
#include <gtest/gtest.h>

#include <map>

#include "expr/in_pieces.hpp"
#include "unit/expr/case_file.hpp"
#include "unit/expr/expression_builder.hpp"

namespace sluice::test {

namespace {

struct Built {
  ExpressionPtr expression;
  std::string error;  // of the catalogue, when it cannot be bound
};

Built build(const ExpressionCase& wanted, const std::vector<ExpressionPtr>& arguments) {
  std::vector<bool> untyped;
  for (const CaseArgument& argument : wanted.arguments) untyped.push_back(argument.untyped);
  const FunctionRegistry& functions = builtin_functions();
  auto made = wanted.form == FunctionForm::cast
                  ? functions.cast(arguments.front(), *parse_type(wanted.name), true, 0)
                  : functions.resolve(wanted.form, wanted.name, arguments, untyped, 0);
  if (!made) return {nullptr, std::string(describe(made.error().code).name)};
  return {*made, {}};
}

std::string answer(const Column& column, size_t row) {
  const std::string type = type_name(Type{column.type().kind});
  if (column.is_null(row)) return type + " NULL";
  if (column.type().kind != TypeKind::text) return type + " " + text_of(column, row);
  std::string quoted = type + " '";
  for (const char c : text_of(column, row)) {
    quoted += c == '\n'   ? "\\n"
              : c == '\t' ? "\\t"
              : c == '\\' ? "\\\\"
              : c == '\'' ? "''"
                          : std::string(1, c);
  }
  return quoted + "'";
}

std::string error_answer(const Error& error) {
  return "error " + std::string(describe(error.code).name);
}

std::vector<ExpressionPtr> constant_arguments(const ExpressionCase& wanted) {
  std::vector<ExpressionPtr> arguments;
  for (const CaseArgument& argument : wanted.arguments) {
    arguments.push_back(literal(value_of(argument.type, argument.text)));
  }
  return arguments;
}

// Typed arguments as columns, in the order of the arguments.
std::vector<ExpressionPtr> column_arguments(const ExpressionCase& wanted) {
  std::vector<ExpressionPtr> arguments;
  for (const CaseArgument& argument : wanted.arguments) {
    const size_t index = arguments.size();
    arguments.push_back(argument.untyped ? literal(value_of(argument.type, argument.text))
                                         : column_reference(index, argument.type));
  }
  return arguments;
}

// Cases that bind to the same expression over columns.
std::string signature(const ExpressionCase& wanted) {
  std::string text = std::to_string(static_cast<int>(wanted.form)) + wanted.name;
  for (const CaseArgument& argument : wanted.arguments) {
    text += "|" + type_name(argument.type);
    if (argument.untyped) text += "'" + argument.text.value_or("NULL");
  }
  return text;
}

void check_group(const std::vector<ExpressionCase>& group) {
  const Built built = build(group.front(), column_arguments(group.front()));
  if (!built.expression) {
    for (const ExpressionCase& one : group)
      EXPECT_EQ("error " + built.error, one.expected) << one.source;
    return;
  }
  std::vector<ColumnPtr> columns;
  for (size_t i = 0; i < group.front().arguments.size(); ++i) {
    std::vector<std::optional<std::string>> texts;
    for (const ExpressionCase& one : group) texts.push_back(one.arguments[i].text);
    columns.push_back(column_of(group.front().arguments[i].type, texts));
  }
  std::vector<std::string> answers;
  ASSERT_TRUE(evaluate_in_pieces(*built.expression, batch_of(columns), {&test_zone(), 0},
                                 [&](const RecordBatch& piece, const ColumnPtr& result,
                                     const std::vector<RowError>& errors) -> Status {
                                   const size_t first = answers.size();
                                   for (size_t row = 0; row < piece.rows(); ++row)
                                     answers.push_back(answer(*result, row));
                                   for (const RowError& error : errors)
                                     answers[first + error.row] = error_answer(error.error);
                                   return {};
                                 }));
  for (size_t row = 0; row < group.size(); ++row) {
    EXPECT_EQ(answers[row], group[row].expected)
        << group[row].file << ":" << group[row].line << ": " << group[row].source;
  }
}

}  // namespace

TEST(OperatorCases, ConstantArguments_GivePostgresAnswer) {
  const std::vector<ExpressionCase> cases = read_cases();
  ASSERT_GT(cases.size(), 100u);
  for (const ExpressionCase& one : cases) {
    const Built built = build(one, constant_arguments(one));
    std::string actual = "error " + built.error;
    if (built.expression) {
      const auto value = fold_constant(*built.expression, {&test_zone(), 0});
      actual = value ? answer(*value->repeat(1), 0) : error_answer(value.error());
    }
    EXPECT_EQ(actual, one.expected) << one.file << ":" << one.line << ": " << one.source;
  }
}

TEST(OperatorCases, ColumnArguments_GivePostgresAnswer) {
  std::map<std::string, std::vector<ExpressionCase>> groups;
  for (const ExpressionCase& one : read_cases()) {
    if (!one.arguments.empty()) groups[signature(one)].push_back(one);
  }
  for (const auto& [signature, group] : groups) check_group(group);
}

}  // namespace sluice::test
