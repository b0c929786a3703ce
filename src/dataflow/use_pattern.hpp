// Compares what two sinks write (SoleUse::what). In it "{}" stands for text that comes with the
// rows, as a column does in a key's template. Pure.
#pragma once

#include <string_view>

namespace sluice {

// False: whatever the rows say, the two never write the same. They do not when their texts before
// the first "{}", or those behind the last, differ as far as both go. Otherwise true, also where
// columns of some types could not make it so.
bool may_write_the_same(std::string_view what, std::string_view other);

}  // namespace sluice
