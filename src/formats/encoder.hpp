// Encoder: rows to bytes for sinks that write documents (Kafka, files). One per sink task, reuses
// its buffers, one thread.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "config/option_spec.hpp"
#include "data/record_batch.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

class Encoder {
 public:
  virtual ~Encoder() = default;
  // Appends one row as one document. Error sink_rejected when a value has no form in the format.
  virtual Status encode(const RecordBatch& batch, size_t row, std::string& out) = 0;
};

class OutputFormat {
 public:
  virtual ~OutputFormat() = default;
  virtual std::string name() const = 0;
  virtual const OptionTable& options() const = 0;
  virtual Result<std::unique_ptr<Encoder>> make_encoder(SchemaPtr schema,
                                                        const Options& options) const = 0;
};

}  // namespace sluice
