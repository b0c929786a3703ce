// Where a test can make publishing to files die, fail or wait; see env/failpoints.hpp.
#pragma once

#include "env/failpoints.hpp"

namespace sluice::file::failpoints {

inline constexpr Failpoint after_new_files{
    "file_after_new_files", "the marker names the files of the epoch, nothing is appended"};
inline constexpr Failpoint after_rows{"file_after_rows",
                                      "lines appended and synced, the marker is the old one"};
inline constexpr Failpoint after_marker{"file_after_marker",
                                        "the marker is replaced, the answer not used"};

inline constexpr Failpoint all[] = {after_new_files, after_rows, after_marker};

}  // namespace sluice::file::failpoints
