"""The one table that ties a kind of bad row to the engine's error code; codes are those of
src/base/error_catalogue.def."""

UNREADABLE = "E3001"  # no document: broken JSON or bytes, null value, no envelope
BAD_COLUMN = "E3002"  # a value that its column's type does not take
MISSING_KEY = "E3003"  # a changelog key column is NULL, which it may never be
NO_EVENT_TIME = "E3004"
TIME_AHEAD = "E3005"  # beyond max_ahead of the record's own Kafka timestamp
CHECK_FAILED = "E3201"
LATE = "E3301"
SINK_KEY_NULL = "E3401"
SINK_REFUSED = "E3402"  # by the table before spooling, or by the target at publish

TITLES = {
    UNREADABLE: "unreadable record",
    BAD_COLUMN: "bad column value",
    MISSING_KEY: "changelog key missing",
    NO_EVENT_TIME: "event time missing",
    TIME_AHEAD: "event time too far ahead",
    CHECK_FAILED: "check failed",
    LATE: "late row",
    SINK_KEY_NULL: "sink key is NULL",
    SINK_REFUSED: "refused by the sink",
}

# Codes whose dead letter is known by where its record lies; all others are known by their row.
BY_POSITION = {UNREADABLE, BAD_COLUMN, MISSING_KEY, NO_EVENT_TIME, TIME_AHEAD}

# Fields of the dead letter envelope; every one is present in every letter, null where it has no
# meaning.
ENVELOPE = (
    "pipeline",
    "step",
    "code",
    "message",
    "expression_position",
    "event_time",
    "watermark",
    "topic",
    "partition",
    "offset",
    "payload_base64",
    "row",
)
