// Where a test can make publishing to Kafka die, fail or wait; see env/failpoints.hpp.
#pragma once

#include "env/failpoints.hpp"

namespace sluice::kafka::failpoints {

inline constexpr Failpoint after_claim{
    "kafka_after_claim", "S3: the claim is committed, the predecessor's ids are not initialised"};
inline constexpr Failpoint after_open{"kafka_after_open",
                                      "S3: both ids are initialised, the probe is not written"};
inline constexpr Failpoint after_probe{"kafka_after_probe",
                                       "S3: the claim is still ours behind the probe"};
inline constexpr Failpoint after_begin{"kafka_after_begin",
                                       "the Kafka transaction is open, nothing produced"};
inline constexpr Failpoint after_rows{"kafka_after_rows", "rows produced, no marker"};
inline constexpr Failpoint after_rejects{"kafka_after_rejects", "rejects synced, no marker"};
inline constexpr Failpoint after_marker{"kafka_after_marker", "marker produced, commit not sent"};
inline constexpr Failpoint after_commit{"kafka_after_commit", "committed, answer not used"};

inline constexpr Failpoint all[] = {after_claim, after_open,    after_probe,  after_begin,
                                    after_rows,  after_rejects, after_marker, after_commit};

}  // namespace sluice::kafka::failpoints
