// CanalJsonDecoder: the change envelopes of Canal,
//   {"data":[{…},…],"old":[…],"type":"UPDATE","database":…,"table":…,"isDdl":false,…}
// with one row per element of `data`, whose values are strings. INSERT gives inserts, UPDATE
// update_after with the new image, DELETE delete_row with the deleted one. update_before is never
// made: `old` holds only the changed columns, and the changelog's key and the state behind it know
// the row as it was. Skipped by design: records without a value, DDL, operations the scan does not
// ask for, and tables other than the one asked for. An envelope that breaks off half way gives no
// row at all. Owned by its source's task, one thread.
#pragma once

#include <memory>
#include <string>

#include "formats/decoder.hpp"
#include "formats/scan_plan.hpp"

namespace sluice {

struct CanalSettings {
  size_t max_bytes = 0;
  std::string database;  // empty: any
  std::string table;     // empty: any
};

std::unique_ptr<Decoder> make_canal_json_decoder(std::shared_ptr<const ScanPlan> plan,
                                                 CanalSettings settings);

}  // namespace sluice
