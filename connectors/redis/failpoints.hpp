// Where a test can make publishing to Redis die, fail or wait; see env/failpoints.hpp.
#pragma once

#include "env/failpoints.hpp"

namespace sluice::redis::failpoints {

inline constexpr Failpoint after_chunk{"redis_after_chunk", "one chunk executed, more to come"};
inline constexpr Failpoint after_rejects{"redis_after_rejects",
                                         "rejects synced, the last chunk not executed"};
inline constexpr Failpoint after_last_chunk{"redis_after_last_chunk",
                                            "the last chunk executed, answer not used"};

inline constexpr Failpoint all[] = {after_chunk, after_rejects, after_last_chunk};

}  // namespace sluice::redis::failpoints
