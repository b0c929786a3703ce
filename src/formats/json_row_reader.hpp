// Reading rows from JSON objects with simdjson On-Demand: the parser, and the walk over one object.
// Private to the .cpp files of this room: simdjson's header goes no further.
//
// What is checked of every document, needed or not: UTF-8, control characters in strings, unclosed
// strings, commas and colons of the objects on the way to wanted fields, the depth of nesting, and
// that nothing follows its end. What is not looked at: numbers, literals and escapes of fields that
// no column needs, and whether a skipped `[` is closed by `]` rather than `}`.
//
// Owned by one decoder, one thread.
#pragma once

#include <simdjson.h>

#include <string>
#include <string_view>

#include "formats/field_tree.hpp"
#include "formats/row_collector.hpp"

namespace sluice {

// The parser and its buffers, which grow with the largest document and are given back after it.
class JsonParser {
 public:
  // The document's root object. `bytes` is followed by Arena::padding_bytes readable bytes.
  simdjson::error_code open(std::string_view bytes, simdjson::ondemand::object& root);
  // After the root is read: whether the document ends there.
  simdjson::error_code check_end();
  // Between batches.
  void release_large_buffers();

 private:
  simdjson::ondemand::parser parser_;
  simdjson::ondemand::document document_;
};

// In words: why a document cannot be read.
std::string broken_json_message(simdjson::error_code error);

class JsonRowReader {
 public:
  // `strings_hold_json`: a string for a jsonb column is JSON text (Canal), not a JSON string.
  JsonRowReader(const ScanPlan& plan, RowCollector& collector, bool strings_hold_json);

  // Writes the object's fields to the collector's current row. Error: the document is broken.
  // `end` is the end of the document's bytes.
  simdjson::error_code read(simdjson::ondemand::object& object, const char* end);
  // The first field of the last row that the source does not declare; empty when there is none or
  // when nobody asks.
  const std::string& undeclared_field() const { return undeclared_field_; }

 private:
  simdjson::error_code read_object(simdjson::ondemand::object& object, ObjectFields& fields,
                                   bool is_root);
  simdjson::error_code read_field(const WantedField& field, simdjson::ondemand::value& value);
  simdjson::error_code read_parent(const WantedField& field, simdjson::ondemand::value& value);
  simdjson::error_code read_container(const WantedField& field, simdjson::ondemand::value& value);
  void write_string(const WantedField& field, simdjson::ondemand::value& value,
                    std::string_view token);
  void write_scalar(const WantedField& field, std::string_view token);
  void write_json(const WantedField& field, std::string_view json);
  void report(const std::vector<uint32_t>& columns, const std::string& message);
  bool is_needed(const WantedField& field) const;
  void note_undeclared(const char* raw_key);

  const ScanPlan& plan_;
  RowCollector& collector_;
  const bool strings_hold_json_;
  const bool checks_undeclared_;
  ObjectFields fields_;
  const char* end_ = nullptr;
  std::string undeclared_field_;
};

}  // namespace sluice
