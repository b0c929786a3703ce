// RawBatch: undecoded records of one partition, as a Source delivers them. All bytes lie in one
// padded arena (Arena::padding_bytes readable bytes follow the last), so that parsers need no copy.
// Owned by the source's task.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "data/record_batch.hpp"
#include "memory/arena.hpp"

namespace sluice {

struct RawHeader {
  std::string_view name;
  std::string_view value;
};

struct RawRecord {
  std::string_view key;
  std::string_view value;
  bool key_is_null = true;
  bool value_is_null = true;
  int64_t offset = 0;
  int64_t timestamp_us = 0;   // the record's own; ingestion time
  uint32_t first_header = 0;  // into RawBatch::headers
  uint32_t header_count = 0;
};

struct RawBatch {
  std::shared_ptr<const Origin> origin;
  std::shared_ptr<Arena> arena;
  std::vector<RawRecord> records;
  std::vector<RawHeader> headers;

  void clear() {
    records.clear();
    headers.clear();
    arena.reset();
  }
};

}  // namespace sluice
