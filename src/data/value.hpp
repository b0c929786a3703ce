// Value: one SQL value or NULL, owning its text: literals, tests and diagnostics. Never used per
// record.
#pragma once

#include <string>
#include <variant>

#include "data/column.hpp"
#include "values/number/numeric.hpp"
#include "values/type.hpp"

namespace sluice {

class Value {
 public:
  // NULL of that type.
  static Value null(Type type) { return Value(type, std::monostate{}); }
  template <class T>
  static Value of(Type type, T value) {
    return Value(type, Payload(std::move(value)));
  }
  // The value in a column's row.
  static Value from_column(const Column& column, size_t row);

  const Type& type() const { return type_; }
  bool is_null() const { return std::holds_alternative<std::monostate>(payload_); }
  // T is the representation named in type.hpp, std::string for text and jsonb.
  template <class T>
  const T& get() const {
    return std::get<T>(payload_);
  }
  // A column that holds this value in every row.
  ColumnPtr repeat(size_t rows) const;
  bool operator==(const Value& other) const;  // same type and representation; NULL equals NULL

 private:
  using Payload = std::variant<std::monostate, uint8_t, int32_t, int64_t, double, Numeric, Interval,
                               std::string>;
  Value(Type type, Payload payload) : type_(type), payload_(std::move(payload)) {}

  Type type_;
  Payload payload_;
};

}  // namespace sluice
