// RecordKey: reads the key of a record as the row that it names: {"id":1}, or the same as the
// `payload` beside its `schema`. Other keys name no row. Part of one decoder, one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/raw_batch.hpp"

namespace sluice {

using KeyFields = std::vector<std::string>;  // fields of a row

class RecordKey {
 public:
  struct Row {
    std::string_view json;
    std::string_view schema;  // empty: none
  };

  RecordKey();
  ~RecordKey();
  RecordKey(const RecordKey&) = delete;
  RecordKey& operator=(const RecordKey&) = delete;

  // The key as a row; nothing where one of the fields is missing or null, or where the key is no
  // object. Points into the record.
  std::optional<Row> row_of(const RawRecord& record, const KeyFields& fields);
  // Whether the key is that of a row, but without one of the fields.
  bool lacks(const RawRecord& record, const KeyFields& fields);

 private:
  struct Parser;
  std::optional<Row> find_row(const RawRecord& record);
  bool has_all(std::string_view json, const KeyFields& fields);

  std::unique_ptr<Parser> parser_;
};

}  // namespace sluice
