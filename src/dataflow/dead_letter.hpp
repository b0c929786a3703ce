// Dead letters: rows and records that could not go on, with the reason, in one envelope for decode,
// expression, check, late and sink errors. Every task has a DeadLetters that writes into the
// pipeline's dead-letter sink as part of the running epoch, exactly once like everything else. One
// thread; error: the pipeline has no such sink (the letter's own).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/raw_batch.hpp"
#include "data/record_batch.hpp"
#include "data/row_policy.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// One envelope. Absent fields are NULL in the document.
struct DeadLetter {
  std::string step;
  Error error;
  std::optional<uint32_t> expression_position;  // character in the step's SQL, from 1
  std::optional<int64_t> event_time_us;
  std::optional<int64_t> watermark_us;  // `seen` of the row
  std::string topic;                    // source position; empty when not known
  int32_t partition = 0;
  int64_t offset = -1;
  std::optional<std::string>
      payload_base64;  // original bytes, of records that could not be decoded
  // JSON object of the row before the step, or of its source's row; of one that cannot be read
  // whole, a JSON string.
  std::optional<std::string> row;
};

class DeadLetters {
 public:
  virtual ~DeadLetters() = default;
  virtual Status add(DeadLetter letter) = 0;
};

// pipeline, step, code, message, expression_position, event_time, watermark, topic, partition,
// offset, payload_base64, row
SchemaPtr dead_letter_schema();
// The envelope of a row: the whole row of its source where the batch carries it, else its values as
// JSON; `seen` and source position from the batch.
DeadLetter dead_letter_of_row(const RecordBatch& batch, size_t row, std::string step, Error error);
// Without `has_payload` its position alone leads to the record.
DeadLetter dead_letter_of_record(const RawBatch& raw, size_t record, std::string step, Error error,
                                 bool has_payload = true);
// The error that stops the pipeline where such a letter may not be written: with the letter's
// place and the beginning of its row. `role`: what its `step` names, as in RecordPlace.
Error stopping_error(DeadLetter letter, const char* role = "step");
// What a log says of a letter: why and where, and nothing of its row.
Error noted_error(const DeadLetter& letter);
// Cuts what is too long for an envelope of `bytes`, and says so in the message: a letter that its
// own sink refused would stop the pipeline for good. The position still leads to the whole record.
void shorten(DeadLetter& letter, size_t bytes);
RecordBatch dead_letter_batch(const std::string& pipeline, const std::vector<DeadLetter>& letters);

}  // namespace sluice
