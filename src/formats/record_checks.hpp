// Checks and their wording that the decoders share. Pure functions.
#pragma once

#include <cstddef>
#include <string>

#include "config/option_spec.hpp"
#include "formats/decoder.hpp"

namespace sluice {

// `max_bytes`, and what is said of a record that has more.
OptionSpec max_bytes_option();
std::string too_large_message(size_t bytes, size_t max_bytes);
// The error of one column's value, which it names: column "n": invalid input syntax for …
Error of_column(const std::string& name, Error error);
// A field that the source does not declare: error undeclared_field where that stops the pipeline.
Status check_undeclared(const ScanSpec& scan, const std::string& field);

}  // namespace sluice
