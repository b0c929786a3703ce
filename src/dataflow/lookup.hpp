// Lookup: reads rows of a dimension table by key. One per task; the lookup join's cache stands
// before it, so that a call is a batch of distinct missing keys. Blocks its task up to the client's
// timeout. An Error with Retry::later restarts the pipeline.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "data/record_batch.hpp"
#include "env/environment.hpp"

namespace sluice {

class Lookup {
 public:
  virtual ~Lookup() = default;
  virtual Status open(const Environment& environment) = 0;
  // `keys`: distinct rows of the key columns. Returns the rows found: the key columns, then the
  // value columns; keys that are not there are left out. Two rows for one key: Error lookup_failed.
  virtual Result<RecordBatch> fetch(const RecordBatch& keys) = 0;
};

class LookupDescription {
 public:
  virtual ~LookupDescription() = default;
  virtual SchemaPtr key_schema() const = 0;
  virtual SchemaPtr value_schema() const = 0;
  virtual std::unique_ptr<Lookup> create() const = 0;
};

}  // namespace sluice
