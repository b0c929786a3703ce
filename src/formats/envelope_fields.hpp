// The fields of documents as the keys to look for. Pure functions.
#pragma once

#include "formats/envelope.hpp"
#include "formats/field_tree.hpp"

namespace sluice {

// Where the images may be, as keys from the document down.
std::vector<std::vector<std::string>> image_paths(const EnvelopeShape& shape);

// By the index of their values, which takes the place of a column; each also in the wrapper.
void add_fields(const EnvelopeShape& shape, ObjectFields& fields);

// Of a row: those that columns are read from, and those that the source only declares.
void add_row_fields(const ScanPlan& plan, bool with_carried, ObjectFields& fields);

}  // namespace sluice
