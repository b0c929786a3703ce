// Where a test can make publishing to PostgreSQL die, fail or wait; see env/failpoints.hpp.
#pragma once

#include "env/failpoints.hpp"

namespace sluice::postgres::failpoints {

inline constexpr Failpoint after_marker{"postgres_after_marker", "marker row updated, no rows yet"};
inline constexpr Failpoint after_rows{"postgres_after_rows", "rows written, not committed"};
inline constexpr Failpoint after_rejects{"postgres_after_rejects", "rejects synced, not committed"};
inline constexpr Failpoint after_commit{"postgres_after_commit", "COMMIT sent, answer not used"};

inline constexpr Failpoint all[] = {after_marker, after_rows, after_rejects, after_commit};

}  // namespace sluice::postgres::failpoints
