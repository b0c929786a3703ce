// The fields and images of an envelope as the keys to look for. Pure function.
#pragma once

#include "formats/envelope.hpp"
#include "formats/field_tree.hpp"

namespace sluice {

// By the index of their values, which takes the place of a column; each also in the wrapper.
void add_fields(const EnvelopeShape& shape, ObjectFields& fields);

}  // namespace sluice
