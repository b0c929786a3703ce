// JsonReader: reads rows from JSON documents with simdjson On-Demand, one walk per document from
// its padded arena, and brings them to a RowCollector.
//
// What is checked of every document, needed or not: UTF-8, control characters in strings, unclosed
// strings, commas and colons of the objects on the way to wanted fields, the depth of nesting, and
// that nothing follows its end. What is not looked at: numbers, literals and escapes of fields that
// no column needs, and whether a skipped `[` is closed by `]` rather than `}`.
//
// Carried columns do not add to what is checked: a document that cannot be read with them is read
// without them, and its rows carry their text.
//
// Part of one decoder, one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "formats/row_collector.hpp"

namespace sluice {

// Why a document cannot be read, in words; empty: it can.
using JsonFault = std::string_view;

// A field of an envelope, by the index under which it was declared to JsonReader.
struct EnvelopeValue {
  // object: also a list other than that of the rows.
  enum class Kind : uint8_t { missing, null, text, scalar, object, rows };
  Kind kind = Kind::missing;
  // Of text (unescaped), scalar and object; valid until the next document.
  std::string_view text;
  size_t rows = 0;            // of a list of rows
  bool has_bad_rows = false;  // an element of the list is no object
};

class JsonReader {
 public:
  // The envelope around the rows: a list of objects under `rows_key`, and other fields of it.
  struct Envelope {
    std::string_view rows_key;
    std::vector<std::string_view> other_keys;
    // A string for a jsonb column is JSON text, not a JSON string.
    bool strings_hold_json = false;
  };

  // The document is a row.
  JsonReader(const ScanPlan& plan, RowCollector& collector);
  // The document is an envelope.
  JsonReader(const ScanPlan& plan, RowCollector& collector, const Envelope& envelope);
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // Begins a row of the collector and writes its values; the caller stages it. `bytes` is followed
  // by Arena::padding_bytes readable bytes.
  JsonFault read_row(std::string_view bytes);
  // Stages a row for every object of the list, and sets the values of the other keys, in their
  // order behind that of the list.
  JsonFault read_envelope(std::string_view bytes, std::vector<EnvelopeValue>& values);

  // The first field of the document's rows that the source does not declare; empty when there is
  // none or when nobody asks.
  const std::string& undeclared_field() const;
  // Between batches: buffers grow with the largest document.
  void release_large_buffers();

 private:
  class Walk;
  // `read(walk)` with all columns, or where that fails with those that are needed.
  template <class Read>
  JsonFault read(Read read);

  std::unique_ptr<Walk> walk_;
  std::unique_ptr<Walk> needed_walk_;  // null where no column is carried
  Walk* last_ = nullptr;               // what read the last document
};

}  // namespace sluice
