// Of a Canal update, `old` holds the former values of the columns that changed. CanalKeyChanges
// finds rows whose key was another one before, so that the row of the old key is deleted before the
// new image comes. That a column of the key stands in `old` does not say that the key changed: some
// writers put all columns there, others spell one value in two ways, and what is computed of two
// values may be one key. So the key is compared twice, as text before the rows are decoded and as
// values behind it. Owned by one decoder, one thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/record_batch.hpp"
#include "formats/decoder.hpp"

namespace sluice {

class CanalKeyChanges {
 public:
  struct Row {
    RowKind kind;
    std::string json;
  };

  explicit CanalKeyChanges(const ScanSpec& scan);
  ~CanalKeyChanges();
  CanalKeyChanges(const CanalKeyChanges&) = delete;
  CanalKeyChanges& operator=(const CanalKeyChanges&) = delete;

  // A quick look: false when no key field stands in `old`.
  bool may_be_in(std::string_view old) const;
  // The rows of an envelope that was read already, in order, each behind a deletion of the row that
  // it was before where `old` has another text for its key. Empty: no key changed. Behind
  // `envelope` are Arena::padding_bytes readable bytes.
  std::vector<Row> rows_of(std::string_view envelope);
  // Takes away each deletion that the next row of its record makes needless: it has the same key.
  void drop_needless_deletions(DecodeResult& result) const;

 private:
  using Field = std::pair<std::string, std::string_view>;  // name and text of the value
  struct Parsers;
  std::vector<Field> key_fields_of(std::string_view row);
  std::string former_key_fields(std::string_view former, std::string_view image);

  std::vector<size_t> key_columns_;
  std::vector<std::string> key_fields_;  // of a row in `data`
  std::vector<std::string> quoted_fields_;
  std::unique_ptr<Parsers> parsers_;
};

}  // namespace sluice
