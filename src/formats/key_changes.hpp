// KeyChanges: finds rows of an update whose key was another one before, so that the row of the old
// key is deleted before the new image comes. The former image of a row has the former values of
// columns, of all or of those that changed; values that it lacks, or that are null, are not known.
// That a column of the key stands there does not say that the key changed: some writers put all
// columns there, others spell one value in two ways, and what is computed of two values may be one
// key. So the key is compared twice, as text before the rows are decoded and as values behind it.
// Owned by one decoder, one thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "data/record_batch.hpp"
#include "formats/decoder.hpp"
#include "formats/object_texts.hpp"
#include "formats/record_key.hpp"

namespace sluice {

class KeyChanges {
 public:
  struct Row {
    RowKind kind;
    std::string json;
  };

  explicit KeyChanges(const ScanSpec& scan);

  // The fields of a row that the changelog's key is read or computed from.
  const KeyFields& fields() const { return key_fields_; }
  // Those that a former image does not show.
  KeyFields unknown_in(std::string_view former);
  // A quick look: false when no key field stands in the former image, or the list of them.
  bool may_be_in(std::string_view former) const;
  // The rows of an image, or list of images, that was read already, in order, each behind a
  // deletion of the row that it was before where `former` has another text for its key. Empty: no
  // key changed. Behind both are Arena::padding_bytes readable bytes.
  std::vector<Row> rows_of(std::string_view image, std::string_view former, bool are_lists);
  // Takes away each deletion that the next row of its record makes needless: it has the same key.
  void drop_needless_deletions(DecodeResult& result) const;

 private:
  using Field = std::pair<std::string, std::string_view>;  // name and text of the value
  std::vector<Field> key_fields_of(std::string_view row);
  std::string former_key_fields(std::string_view former, std::string_view image);

  std::vector<size_t> key_columns_;
  KeyFields key_fields_;  // of a row
  std::vector<std::string> quoted_fields_;
  ObjectTexts objects_;
};

}  // namespace sluice
