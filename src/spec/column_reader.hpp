// `columns:` of sources and lookups. One thread.
#pragma once

#include <string>
#include <vector>

#include "spec/spec_reader.hpp"

namespace sluice {

// `name: type` or `name: {type, path, unit, required, expr, meta}`. `what` is how messages call the
// owner: source ods_order.
std::vector<ColumnSpec> read_source_columns(const Node& columns, const std::string& what,
                                            SpecReader& reader);
// `name: type` or `name: {type}`.
std::vector<ColumnSpec> read_lookup_columns(const Node& columns, const std::string& what,
                                            SpecReader& reader);

}  // namespace sluice
