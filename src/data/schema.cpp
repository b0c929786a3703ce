#include "data/schema.hpp"

#include <numeric>

namespace sluice {

std::optional<size_t> Schema::find(std::string_view name) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return i;
  }
  return std::nullopt;
}

std::string Schema::to_string() const {
  std::string text;
  for (const Field& field : fields_) {
    if (!text.empty()) text += ", ";
    text += field.name + " " + type_name(field.type);
  }
  return text;
}

std::vector<size_t> all_columns(const Schema& schema) {
  std::vector<size_t> columns(schema.size());
  std::iota(columns.begin(), columns.end(), size_t{0});
  return columns;
}

std::vector<Type> types_of(const Schema& schema) { return types_of(schema, all_columns(schema)); }

std::vector<Type> types_of(const Schema& schema, const std::vector<size_t>& columns) {
  std::vector<Type> types;
  for (const size_t column : columns) types.push_back(schema[column].type);
  return types;
}

}  // namespace sluice
