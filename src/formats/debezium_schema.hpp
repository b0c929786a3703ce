// What the values of Debezium's rows stand for, by the schema that Kafka Connect's JsonConverter
// writes into each record. DebeziumSchemas keeps the last few schemas, since all records of a table
// have the same until the table changes. Part of one decoder, one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/scan_plan.hpp"

namespace sluice {

struct DebeziumForm {
  enum class Kind : uint8_t {
    plain,             // what JSON says
    date,              // days since 1970
    time,              // of the day, in `unit`
    timestamp,         // since 1970, in `unit`, by the clocks of the database: without a zone
    duration,          // in `unit`
    decimal,           // base64 of a whole number that counts in 10^-`scale`
    variable_decimal,  // the same as an object that holds its scale
  };
  Kind kind = Kind::plain;
  TimeUnit unit = TimeUnit::none;
  int scale = 0;
};

using DebeziumForms = std::vector<DebeziumForm>;  // of the plan's columns

class DebeziumSchemas {
 public:
  explicit DebeziumSchemas(const ScanPlan& plan);
  ~DebeziumSchemas();
  DebeziumSchemas(const DebeziumSchemas&) = delete;
  DebeziumSchemas& operator=(const DebeziumSchemas&) = delete;

  // By the schema of an envelope, which describes the row as it is and as it was alike. Null: it
  // describes no row. Valid until the next call.
  const DebeziumForms* of_envelope(std::string_view schema);
  // By the schema of a record's key.
  const DebeziumForms* of_key(std::string_view schema);

 private:
  struct Known {
    std::string schema;
    bool is_key = false;
    bool describes_row = false;
    DebeziumForms forms;
  };
  struct Parser;
  const DebeziumForms* find(std::string_view schema, bool is_key);
  Known read(std::string_view schema, bool is_key);

  static constexpr size_t most_known = 8;
  const ScanPlan& plan_;
  std::unique_ptr<Parser> parser_;
  std::vector<Known> known_;  // the last one used first
};

}  // namespace sluice
