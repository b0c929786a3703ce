// JsonFieldWriter: brings the fields that a JSON walk finds to the columns that want them, and says
// which fields are still worth reading. Part of one JsonReader, one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "formats/envelope.hpp"
#include "formats/field_tree.hpp"
#include "formats/row_collector.hpp"

namespace sluice {

class JsonFieldWriter {
 public:
  // `strings_hold_json`: a string for a jsonb column is JSON text, not a JSON string. `forms`: how
  // values are written that are not what JSON says; may be null.
  JsonFieldWriter(const ScanPlan& plan, RowCollector& collector, bool strings_hold_json,
                  ValueForms* forms)
      : plan_(plan), collector_(collector), strings_hold_json_(strings_hold_json), forms_(forms) {}

  // False for a field that only columns of a dropped row want.
  bool is_needed(const WantedField& field) const {
    return !collector_.is_dropped() || is_always_needed(field);
  }
  // `token` is the string as written, `text` what it says: valid UTF-8 without NUL that lives as
  // long as the batch.
  void write_string(const WantedField& field, std::string_view token, std::string_view text);
  // A number, a boolean, null, or what is none of them.
  void write_scalar(const WantedField& field, std::string_view token);
  // An object or an array as written.
  void write_container(const WantedField& field, std::string_view json);
  // A string whose escapes are malformed or stand for no text.
  void report_bad_string(const WantedField& field, std::string_view token);
  // A field with columns below it that holds `text`, which is neither an object nor null.
  void report_no_object(const WantedField& field, std::string_view text);
  // `from_key`: the rest of the document from a key that the source does not declare. Returns the
  // key for messages.
  std::string report_undeclared(std::string_view from_key);

 private:
  bool is_always_needed(const WantedField& field) const;
  // True: the format's own form of the value was written, or reported as none.
  bool write_literal(uint32_t column, const RowValue& value);
  void report(const std::vector<uint32_t>& columns, const std::string& message,
              std::string_view text);

  const ScanPlan& plan_;
  RowCollector& collector_;
  const bool strings_hold_json_;
  ValueForms* const forms_;
};

}  // namespace sluice
