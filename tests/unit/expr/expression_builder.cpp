#include "unit/expr/expression_builder.hpp"

#include <stdexcept>

#include "data/column_text.hpp"

namespace sluice::test {

const FunctionRegistry& builtin_functions() {
  static const FunctionRegistry* registry = [] {
    auto* filled = new FunctionRegistry;
    register_builtin_functions(*filled);
    return filled;
  }();
  return *registry;
}

const TimeZone& test_zone() {
  static const TimeZone* zone = new TimeZone(*TimeZone::load("Asia/Shanghai"));
  return *zone;
}

ColumnPtr column_of(Type type, const std::vector<std::optional<std::string>>& texts) {
  ColumnBuilder builder(type);
  for (const auto& text : texts) {
    if (!text) {
      builder.append_null();
      continue;
    }
    const Status parsed = append_parsed(type, *text, test_zone(), builder);
    if (!parsed) throw std::runtime_error(parsed.error().to_string());
  }
  return builder.finish();
}

Value value_of(Type type, const std::optional<std::string>& text) {
  return Value::from_column(*column_of(type, {text}), 0);
}

ExpressionPtr literal_of(const std::string& type, const std::optional<std::string>& text) {
  return literal(value_of(*parse_type(type), text));
}

RecordBatch batch_of(const std::vector<ColumnPtr>& columns) {
  std::vector<Field> fields;
  for (size_t i = 0; i < columns.size(); ++i) {
    fields.push_back({"c" + std::to_string(i), columns[i]->type()});
  }
  return RecordBatch(std::make_shared<Schema>(std::move(fields)), columns, columns.front()->size());
}

ExpressionPtr call(FunctionForm form, const std::string& name,
                   std::vector<ExpressionPtr> arguments) {
  auto made = builtin_functions().resolve(form, name, std::move(arguments), {}, 0);
  if (!made) throw std::runtime_error(made.error().to_string());
  return *made;
}

std::string text_of(const Column& column, size_t row) {
  if (column.is_null(row)) return "NULL";
  std::string text;
  format_value(column, row, test_zone(), text);
  return text;
}

std::vector<std::string> texts_of(const Column& column) {
  std::vector<std::string> texts;
  for (size_t row = 0; row < column.size(); ++row) texts.push_back(text_of(column, row));
  return texts;
}

}  // namespace sluice::test
