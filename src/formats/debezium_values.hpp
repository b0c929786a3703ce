// DebeziumValues: what the values of Debezium's rows stand for, as PostgreSQL literals. By the
// record's schema where it has one. Else the type of the column decides: a number is a day in a
// date column, and counts in the column's `unit` in a column of times. Numbers of times are what
// the database's clocks showed: in a timestamptz column they are read in the pipeline's zone. What
// could be two things is refused with what to change, never guessed:
// - without a schema a string in a column of numbers, which may be a number's text or its bytes
//   (`decimals: text` says that it is text), and a number in an interval column;
// - the text that stands for a value which the connector did not get.
// Part of one decoder, one thread.
#pragma once

#include <string>

#include "formats/debezium_schema.hpp"
#include "formats/envelope.hpp"
#include "formats/object_texts.hpp"

namespace sluice {

class DebeziumValues : public ValueForms {
 public:
  struct Settings {
    bool strings_are_decimals = false;  // without a schema
    std::string unavailable_value;
  };

  DebeziumValues(const ScanPlan& plan, Settings settings);

  // Of the rows to come; null: they have no schema. Outlives their reading.
  void start(const DebeziumForms* forms) { forms_ = forms; }
  Result<std::optional<std::string_view>> literal(size_t column, const RowValue& value) override;

 private:
  using Literal = Result<std::optional<std::string_view>>;
  bool is_unavailable(const RowValue& value) const;
  Literal by_schema(const DebeziumForm& form, TypeKind type, const RowValue& value);
  Literal by_column(const PlannedColumn& column, const RowValue& value);
  Literal days(const RowValue& value);
  Literal timestamp(TimeUnit unit, const RowValue& value);
  Literal time_span(TimeUnit unit, const RowValue& value);
  Literal decimal(std::string_view base64, int scale);
  Literal variable_decimal(const RowValue& value);

  const ScanPlan& plan_;
  const Settings settings_;
  // How lists and maps, and bytes, say that a value is unavailable.
  std::vector<std::string> unavailable_containers_;
  std::string unavailable_bytes_;
  const DebeziumForms* forms_ = nullptr;
  ObjectTexts objects_;
  std::string text_;
};

}  // namespace sluice
