// Short ways to make expressions and batches in tests. A registry with all built-in functions, made
// once.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/record_batch.hpp"
#include "expr/evaluator.hpp"
#include "expr/function_registry.hpp"

namespace sluice::test {

const FunctionRegistry& builtin_functions();
// Asia/Shanghai: texts are read and printed in it.
const TimeZone& test_zone();

// The value a text stands for; none: NULL. Throws std::runtime_error when it is no value of the
// type.
Value value_of(Type type, const std::optional<std::string>& text);
ExpressionPtr literal_of(const std::string& type, const std::optional<std::string>& text);
// A column that holds these texts.
ColumnPtr column_of(Type type, const std::vector<std::optional<std::string>>& texts);
RecordBatch batch_of(const std::vector<ColumnPtr>& columns);

// The call of an operator or function; throws std::runtime_error with the message of its Error.
ExpressionPtr call(FunctionForm form, const std::string& name,
                   std::vector<ExpressionPtr> arguments);

// The text of a row; "NULL" for NULL.
std::string text_of(const Column& column, size_t row);
std::vector<std::string> texts_of(const Column& column);

}  // namespace sluice::test
