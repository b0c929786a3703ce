// VersionOrder: which of two images of a changelog row is newer, by the values of its version
// column; a NULL is older than anything. Without a version column the later to arrive is newer.
// Reuses its buffers: one owner, one thread.
#pragma once

#include <optional>
#include <string_view>

#include "operators/encoded_rows.hpp"

namespace sluice {

class VersionOrder {
 public:
  VersionOrder(const Schema& schema, std::optional<size_t> column)
      : column_(column), rows_(schema) {}

  // Of two encoded rows: negative when `left` is older than `right`, 0 when they are of one
  // version. Error state_corrupt.
  Result<int> compare(std::string_view left, std::string_view right);

 private:
  std::optional<size_t> column_;
  EncodedRows rows_;
};

}  // namespace sluice
