// The maxwell_json decoder over any bytes.
#include "fuzz/decoder_input.hpp"
#include "fuzz/fuzz_target.hpp"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  sluice::test::decode_input("maxwell_json", data, size);
  return 0;
}
