// Lookup: reads rows of a dimension table by key. One per task; the lookup join's cache stands
// before it, so that a call is a batch of distinct missing keys. Blocks its task up to the client's
// timeout. An Error with Retry::later restarts the pipeline.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/record_batch.hpp"
#include "env/environment.hpp"

namespace sluice {

// A row of the table that cannot be used: a value is not of its declared type, or the key has
// another row, too.
struct UnfitRow {
  uint32_t row;        // of LookedUp::rows; its values stand for nothing
  std::string reason;  // with lookup, table and key
};

struct LookedUp {
  RecordBatch rows;             // the key columns, then the value columns
  std::vector<UnfitRow> unfit;  // ascending; a key with an unfit row has no other
};

class Lookup {
 public:
  virtual ~Lookup() = default;
  virtual Status open(const Environment& environment) = 0;
  // `keys`: distinct rows of the key columns. Returns the rows found; keys that are not there are
  // left out.
  virtual Result<LookedUp> fetch(const RecordBatch& keys) = 0;
};

class LookupDescription {
 public:
  virtual ~LookupDescription() = default;
  virtual SchemaPtr key_schema() const = 0;
  virtual SchemaPtr value_schema() const = 0;
  virtual std::unique_ptr<Lookup> create() const = 0;
};

}  // namespace sluice
