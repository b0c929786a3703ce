// JsonReader: reads rows from JSON documents with simdjson On-Demand, from their padded arena, and
// brings them to a RowCollector. A document is a row, or an envelope whose rows are read once it is
// known what they mean.
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

#include "formats/envelope.hpp"
#include "formats/envelope_columns.hpp"
#include "formats/row_collector.hpp"

namespace sluice {

// Why a document cannot be read, in words; empty: it can.
using JsonFault = std::string_view;

class JsonReader {
 public:
  // The document is a row.
  JsonReader(const ScanPlan& plan, RowCollector& collector);
  // The document is an envelope of that shape. `forms`: of the rows' values; may be null.
  JsonReader(const ScanPlan& plan, RowCollector& collector, const EnvelopeShape& shape,
             ValueForms* forms);
  ~JsonReader();
  JsonReader(const JsonReader&) = delete;
  JsonReader& operator=(const JsonReader&) = delete;

  // Begins a row of the collector and writes its values; the caller stages it. `bytes` is followed
  // by Arena::padding_bytes readable bytes. `is_in_envelope`: it is of the envelope that was read
  // last, and has its columns.
  JsonFault read_row(std::string_view bytes, bool is_in_envelope = false);
  // Reads the fields of an envelope, and where its images lie. Rows are not looked at.
  JsonFault read_envelope(std::string_view bytes, EnvelopeValues& values);
  // Stages the rows of an image of the envelope `bytes` that was read last, and counts them in its
  // value. Each image can be read once.
  JsonFault read_rows(std::string_view bytes, size_t image, EnvelopeValues& values);

  // The first field of the document's rows that the source does not declare; empty when there is
  // none or when nobody asks.
  const std::string& undeclared_field() const;
  // Between batches: buffers grow with the largest document.
  void release_large_buffers();

 private:
  class Walk;

  RowCollector& collector_;
  EnvelopeColumns columns_;
  std::unique_ptr<Walk> walk_;
  std::unique_ptr<Walk> needed_walk_;  // null where no column is carried
  Walk* last_ = nullptr;               // what read the last document
};

}  // namespace sluice
