// JsonDecoder: one JSON object per record, one row each. Keys are matched after unescaping; of a
// key that comes twice in one object the first counts (PostgreSQL's jsonb takes the last). A JSON
// null and a missing field are NULL. A record without a value is a failure. Owned by its source's
// task, one thread.
#pragma once

#include <memory>

#include "formats/decoder.hpp"
#include "formats/scan_plan.hpp"

namespace sluice {

// Records larger than max_bytes fail with record_too_large.
std::unique_ptr<Decoder> make_json_decoder(std::shared_ptr<const ScanPlan> plan, size_t max_bytes);

}  // namespace sluice
