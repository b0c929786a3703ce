// Decodes one input as records of a format: the whole input, then its lines as one batch, under a
// scan with every type, paths and a required column. For the decoders' fuzz targets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace sluice::test {

void decode_input(const std::string& format, const uint8_t* data, size_t size);

}  // namespace sluice::test
