// EnvelopeColumns: the columns of a scan that are read from the envelope around the rows, such as
// when and at which position of its log the database changed them. Taken once a record, written
// into each of its rows, as JSON says and never in a format's own forms. Part of one decoder, one
// thread.
#pragma once

#include <string>
#include <vector>

#include "formats/envelope.hpp"
#include "formats/field_tree.hpp"
#include "formats/json_field_writer.hpp"

namespace sluice {

class EnvelopeColumns {
 public:
  EnvelopeColumns(const ScanPlan& plan, RowCollector& collector, const EnvelopeShape& shape);

  const EnvelopeShape& shape() const { return shape_; }
  // As keys to look for, numbered behind the values of the shape; each also in the wrapper.
  void add_to(ObjectFields& fields) const;
  void start_record();
  // The value of the column with that number. The first counts. False: its text is none.
  [[nodiscard]] bool take(size_t number, const EnvelopeValue& value);
  // Into the row that the collector is at.
  void write();

 private:
  struct Taken {
    WantedField field;
    EnvelopeValue value;
  };

  const ScanPlan& plan_;
  RowCollector& collector_;
  const EnvelopeShape& shape_;
  JsonFieldWriter writer_;
  std::vector<Taken> columns_;
};

}  // namespace sluice
