// Checks and their wording that the decoders share. Pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "formats/decoder.hpp"

namespace sluice {

std::string too_large_message(size_t bytes, size_t max_bytes);
// The error of one column's value, which it names: column "n": invalid input syntax for …
Error of_column(const std::string& name, Error error);
// A field that the source does not declare: error undeclared_field where that stops the pipeline.
Status check_undeclared(const ScanSpec& scan, const std::string& field);

}  // namespace sluice
