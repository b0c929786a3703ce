// ScanDecoder: decodes what is read of a source for one of its scans. Records that grow beyond the
// memory a batch may take are decoded in smaller pieces, down to a single one, which is bad where
// it does not fit alone. Sends bad records and rows where the source says, and counts. One thread.
#pragma once

#include <functional>
#include <memory>

#include "dataflow/operator.hpp"
#include "dataflow/stream_graph.hpp"

namespace sluice {

class ScanDecoder {
 public:
  // Takes the rows of a piece.
  using Emit = std::function<Status(RecordBatch)>;

  // Both outlive it.
  ScanDecoder(const StreamNode& node, OperatorContext& context);

  // Makes the decoder; before the first decode.
  Status open();
  // Error: a record that stops the pipeline, with its place; or its budget does not suffice.
  Status decode(const RawBatch& raw, PartitionClock& clock, const Emit& emit);

 private:
  Status decode_halves(const RawBatch& raw, PartitionClock& clock, const Emit& emit);
  void refuse_too_large(const RawBatch& raw, PartitionClock& clock, const Allowance& allowance);
  Status refuse_record(const RawBatch& raw, Error error) const;
  Status take_failures(const RawBatch& raw);
  Status send_letter(const RawBatch& raw, DecodeFailure& failure, bool is_first_of_record);
  void count() const;

  const StreamNode& node_;
  const ScanVertex& vertex_;
  OperatorContext& context_;
  std::unique_ptr<Decoder> decoder_;
  DecodeResult decoded_;  // of the piece
};

}  // namespace sluice
