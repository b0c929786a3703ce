// What every fuzz target defines: one call of libFuzzer's, or of the test that replays inputs. It
// returns normally for every input, whatever the engine makes of it; anything else is a finding.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
