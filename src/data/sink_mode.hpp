// SinkMode: how a sink writes a stream of changes. Plain value.
#pragma once

#include <cstdint>

namespace sluice {

enum class SinkMode : uint8_t {
  append,     // every row is written; the stream must only insert
  upsert,     // the row of a key replaces the one before; deletes delete
  changelog,  // every change is written with its operation, in order
};

}  // namespace sluice
