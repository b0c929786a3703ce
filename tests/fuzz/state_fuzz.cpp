// The reader of state files.
#include "fuzz/fuzz_target.hpp"
#include "fuzz/stored_input.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sluice::test::read_input(sluice::FileKind::state, "state", data, size);
  return 0;
}
