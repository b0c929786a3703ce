// ValueWriter: turns one value of a document into the type of its column and writes it to the
// current row. Numbers keep the digits they were written with; nothing is rounded silently except a
// numeric or a time to the scale of its type. Error column_invalid with PostgreSQL's wording.
// Part of one decoder, one thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "formats/row_writer.hpp"
#include "formats/scan_plan.hpp"
#include "values/json/jsonb_text.hpp"

namespace sluice {

class ValueWriter {
 public:
  ValueWriter(const ScanPlan& plan, RowWriter& writer) : plan_(plan), writer_(writer) {}

  // The short way for what is nothing but digits, as number or text, in a column of whole numbers
  // or of times with a unit. False: take one of the ways below.
  bool write_whole_number(size_t column, std::string_view text);
  // Text without quotes and escapes that is valid UTF-8 without NUL; for a text column the view is
  // stored as it is, for a jsonb column it is JSON.
  Status write_text(size_t column, std::string_view text);
  // A number as written in the document.
  Status write_number(size_t column, std::string_view token);
  Status write_boolean(size_t column, bool value);
  // An object or an array as written in the document; any value for a jsonb column.
  Status write_json(size_t column, std::string_view json);

 private:
  Status write_converted(const PlannedColumn& column, size_t index, std::string_view text);
  Status write_exact(const PlannedColumn& column, size_t index, std::string_view token);

  const ScanPlan& plan_;
  RowWriter& writer_;
  JsonbCanonicalizer canonicalizer_;
  std::string jsonb_;  // of one value, used again
};

}  // namespace sluice
