// A file of the state folder from an input: as it is, where checksums find everything, and as
// blocks whose checksums are right: the input is then blocks of {kind: 1 byte, size: 2 bytes,
// payload}. For the fuzz targets of the state folder's readers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "storage/block_file.hpp"

namespace sluice::test {

// `sample`: of unit/storage/sample_files, whose reader reads it all. It may refuse the file as
// corrupt or of another version, in no other way.
void read_input(FileKind kind, const std::string& sample, const uint8_t* data, size_t size);

}  // namespace sluice::test
