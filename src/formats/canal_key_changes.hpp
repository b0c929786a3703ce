// Of a Canal update, `old` holds the former values of the columns that changed. CanalKeyChanges
// finds rows whose key was another one before, so that the row of the old key is deleted before the
// new image comes. Owned by one decoder, one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/record_batch.hpp"

namespace sluice {

class CanalKeyChanges {
 public:
  struct Row {
    RowKind kind;
    std::string json;
  };

  // `key_fields`: of a row in `data`.
  explicit CanalKeyChanges(std::vector<std::string> key_fields);
  ~CanalKeyChanges();
  CanalKeyChanges(const CanalKeyChanges&) = delete;
  CanalKeyChanges& operator=(const CanalKeyChanges&) = delete;

  // A quick look: false when no key field stands in `old`.
  bool may_be_in(std::string_view old) const;
  // The rows of an envelope that was read already, in order, each behind a deletion of the row that
  // it was before where its key changed. Empty: no key changed. Behind `envelope` and `old` are
  // Arena::padding_bytes readable bytes.
  std::vector<Row> rows_of(std::string_view envelope);

 private:
  struct Parsers;
  std::string key_fields_of(std::string_view row);

  std::vector<std::string> key_fields_;
  std::vector<std::string> quoted_fields_;
  std::unique_ptr<Parsers> parsers_;
};

}  // namespace sluice
