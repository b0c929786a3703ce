// CollectedRows: what a sink has published in a test, folded to the rows that remain: by key where
// rows replace each other, as a multiset where whole rows are taken back, and one after the other
// where they are only added. Plain values; one thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "data/record_batch.hpp"
#include "data/row_codec.hpp"
#include "values/time/time_zone.hpp"

namespace sluice {

// One value, for comparing and for showing. NULL has no text.
struct TestCell {
  std::string key;  // equal for values that are equal in SQL
  std::optional<std::string> text;
};
using TestCells = std::vector<TestCell>;

// How the test sink writes whole rows.
RowCodec codec_of_rows(const Schema& schema);
TestCell cell_of(const ColumnPtr& column, size_t row, const TimeZone& zone);

struct Folding {
  enum class Kind : uint8_t { none, by_key, by_row };
  Kind kind = Kind::none;
  std::vector<size_t> key;
};

// The rows left after operations as the test sink writes them, in the order in which they came.
// Error internal for a change that takes back what is not there.
Result<std::vector<TestCells>> fold_rows(const std::vector<std::string>& operations,
                                         const SchemaPtr& schema, const Folding& folding,
                                         const TimeZone& zone);

}  // namespace sluice
