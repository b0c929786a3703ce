// Schema: names and types of the columns of a RecordBatch, in order. Immutable once shared.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "values/type.hpp"

namespace sluice {

struct Field {
  std::string name;
  Type type;
  bool operator==(const Field&) const = default;
};

class Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}

  size_t size() const { return fields_.size(); }
  const Field& operator[](size_t index) const { return fields_[index]; }
  const std::vector<Field>& fields() const { return fields_; }
  std::optional<size_t> find(std::string_view name) const;
  // "a int, b text": for messages and fingerprints.
  std::string to_string() const;
  bool operator==(const Schema&) const = default;

 private:
  std::vector<Field> fields_;
};

using SchemaPtr = std::shared_ptr<const Schema>;

// 0, 1, … size - 1.
std::vector<size_t> all_columns(const Schema& schema);
std::vector<Type> types_of(const Schema& schema);
std::vector<Type> types_of(const Schema& schema, const std::vector<size_t>& columns);

}  // namespace sluice
