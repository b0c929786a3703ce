// Sink: turns rows into operations of its target. The engine spools operations and publishes them
// after the checkpoint that ends their epoch; a connector never sees a spool file. SinkDescription
// is shared; each task has one Sink, one thread, which never blocks.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "data/record_batch.hpp"
#include "data/sink_mode.hpp"
#include "env/environment.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// Takes operations, in order. The bytes are the connector's own and opaque to the engine.
class OperationWriter {
 public:
  virtual ~OperationWriter() = default;
  virtual Status write(std::string_view operation) = 0;
};

struct RowRejection {
  uint32_t row;
  Error error;
};

struct SinkContext {
  Environment environment;
  const TimeZone* zone = nullptr;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual Status open(const SinkContext& context) = 0;
  // Encodes every row as operations. insert / update_after write the row; update_before /
  // delete_row delete its key (upsert sinks get each key at most once an epoch, deletes first: the
  // engine nets; no row has a NULL in its key). Keys that are made into text are made by
  // data/key_text.hpp. A row that the target would refuse (type, NOT NULL, length, NUL byte, size)
  // writes nothing and is added to `rejected`.
  virtual Status encode(const RecordBatch& batch, OperationWriter& out,
                        std::vector<RowRejection>& rejected) = 0;
};

// What a sink must have for itself, such as a file, and the option that names it.
struct SoleUse {
  // Whom it must not share it with: any other sink, or only those of other pipelines.
  enum class Among : uint8_t { sinks, pipelines };

  std::string what;    // rows may decide some of it: dataflow/use_pattern.hpp
  std::string option;  // of the sink, which decides the rest
  Among among = Among::sinks;
  // What to do when another sink's rows may decide the same; of sinks whose rows decide none:
  // empty.
  std::string advice_for_meeting = {};
};

class SinkDescription {
 public:
  virtual ~SinkDescription() = default;
  // Everything a Publisher of any later version needs to publish this sink's operations: topic, or
  // table with columns, key and mode. Stored in each spool.
  virtual std::string definition() const = 0;
  // What of the target it writes to, in words: "table ads.gmv_minute". Another place is empty of
  // what the sink has written.
  virtual std::string place() const = 0;
  // Rows whose document is larger than this are rejected; 0: there is no such limit.
  virtual size_t max_row_bytes() const { return 0; }
  // None: other sinks may write the same.
  virtual std::optional<SoleUse> sole_use() const { return std::nullopt; }
  virtual Result<std::unique_ptr<Sink>> create() const = 0;
};

}  // namespace sluice
