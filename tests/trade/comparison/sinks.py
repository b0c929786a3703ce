"""Turns what was read from the real sinks into the containers of Expected, and says what is
malformed."""

import base64
import collections
import decimal
import json

from .. import clock, codes
from ..recomputation import trade, traffic
from ..murmur import partition_of

EXPIRE_MS = 48 * 3600 * 1000

# rows: key -> row, as in Expected; problems: texts.
Read = collections.namedtuple("Read", "rows problems")


def dwd(partitions):
    """The append topic: key and partition of each record, and that no detail comes twice."""
    rows, problems = {}, []
    for partition, records in partitions.items():
        for record in records:
            where = f"partition {partition} offset {record.offset}"
            try:
                row = json.loads(record.value, parse_float=decimal.Decimal)
                detail = row["detail_id"]
            except (ValueError, TypeError, KeyError) as error:
                problems.append(f"{where}: not a row: {error!r}")
                continue
            if record.key != detail:
                problems.append(f"{where}: key {record.key!r} of detail {detail!r}")
            elif partition_of(detail, len(partitions)) != partition:
                problems.append(f"{where}: detail {detail!r} belongs to another partition")
            if detail in rows:
                problems.append(f"{where}: detail {detail!r} a second time")
            rows[detail] = row
    return Read(rows, problems)


def gmv(table):
    rows = {}
    for start, province, name, orders, amount in table:
        rows[clock.from_datetime(start), province] = (name, orders, amount)
    return Read(rows, [])


def order_status(table):
    return Read(dict(table), [])


def traffic_day(hashes):
    """Hashes of the traffic curve: two counters, perhaps the key's columns again, and an expiry."""
    rows, problems = {}, []
    for key, (fields, lives_ms) in hashes.items():
        words = key.split(":", 5)
        if len(words) != 6:
            problems.append(f"{key}: not a key of the template")
            continue
        day, channel, minute = words[2], words[3], words[4] + ":" + words[5]
        named = {"day": day, "minute": minute, "channel": channel}
        wrong = {n: v for n, v in fields.items() if n not in ("pv", "uv") and named.get(n) != v}
        if wrong or not 0 < lives_ms <= EXPIRE_MS:
            problems.append(f"{key}: fields {wrong}, {lives_ms} ms to live")
        rows[day, minute, channel] = tuple(_count(fields.get(name)) for name in ("pv", "uv"))
    return Read(rows, problems)


def _count(text):
    """The integer of a canonical decimal text; anything else stays as it is, to be shown."""
    return (
        int(text) if text and text.isascii() and text.isdigit() and str(int(text)) == text else text
    )


def dead_letters(partitions, topics):
    """Counter of (code, step, identity), with each payload compared to its record in `topics`. Of
    the letters that a record has one holds it."""
    letters, payloads, problems = collections.Counter(), collections.Counter(), []
    for records in partitions.values():
        for record in records:
            try:
                letter = json.loads(record.value)
                problem = _envelope_problem(letter, topics)
                letters[letter["code"], letter["step"], _identity(letter)] += 1
                if letter["code"] in codes.BY_POSITION:
                    payloads[letter["step"], *_identity(letter)] += _payload(letter) is not None
            except (ValueError, TypeError, KeyError) as error:
                problem = f"{error!r} in {record.value!r:.300}"
            if problem:
                problems.append(f"offset {record.offset}: {problem}")
    problems += [
        f"{count} letters of {topic}-{partition}-{offset} hold it"
        for (_, topic, partition, offset), count in payloads.items()
        if count != 1 and _has_value(_record(topics, topic, partition, offset))
    ]
    return Read(letters, problems)


def _envelope_problem(letter, topics):
    fields = set(codes.ENVELOPE)
    if set(letter) != fields:
        return f"fields {sorted(set(letter) ^ fields)} missing or unknown"
    if letter["pipeline"] != "trade" or not letter["message"] or letter["code"] not in codes.TITLES:
        return f"pipeline {letter['pipeline']!r}, code {letter['code']!r}, {letter['message']!r}"
    if letter["code"] in codes.BY_POSITION:
        record = _record(topics, *_identity(letter))
        if record is None:
            return "no such record"
        if _payload(letter) not in (None, record.value):
            return f"payload is not that of {record.topic}-{record.partition}-{record.offset}"
    return None


def _record(topics, topic, partition, offset):
    partition = topics.get(topic, {}).get(partition, ())
    if offset < len(partition) and partition[offset].offset == offset:
        return partition[offset]
    return next((record for record in partition if record.offset == offset), None)


def _has_value(record):
    return record is not None and record.value is not None


def _payload(letter):
    encoded = letter["payload_base64"]
    return None if encoded is None else base64.b64decode(encoded, validate=True)


def _identity(letter):
    """What Expected.dead_letters calls the letter's row or record."""
    code, step = letter["code"], letter["step"]
    if code in codes.BY_POSITION:
        return letter["topic"], letter["partition"], letter["offset"]
    row = letter["row"]
    if isinstance(row, str):
        row = json.loads(row)
    if step == trade.GMV_SINK:
        return clock.parse_utc(row["window_start"]), row["province_id"]
    if step == traffic.SINK:
        return row["day"], row["minute"], row["channel"]
    if step == traffic.STEP:
        return row["mid"], row["channel"], clock.parse_utc(row["ts"])
    return row["detail_id"] if code == codes.CHECK_FAILED else row["id"]
