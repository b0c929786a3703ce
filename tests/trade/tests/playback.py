"""What a correct engine would have written to the sinks, from Expected; for tests of the
comparison."""

import base64
import datetime
import json

from .. import clock, codes, records
from ..murmur import partition_of


def row_json(row, amount):
    """A row whose amount is a number with exactly the digits of a text, or null."""
    text = json.dumps(row | {"amount": "@"}, ensure_ascii=False)
    return text.replace('"@"', amount or "null").encode()


def dwd_records(expected, count):
    """The append topic of `count` partitions."""
    partitions = {partition: [] for partition in range(count)}
    for detail, row in expected.dwd.items():
        amount = row["amount"]
        value = row_json(row, None if amount is None else str(amount))
        partition = partition_of(detail, count)
        feed = partitions[partition]
        feed.append(records.Record(records.DWD_TOPIC, partition, len(feed), 0, detail, value))
    return partitions


def gmv_table(expected):
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return [
        (epoch + datetime.timedelta(microseconds=start), province, *row)
        for (start, province), row in expected.gmv.items()
    ]


def traffic_hashes(expected):
    return {
        f"ads:traffic:{day}:{channel}:{minute}": ({"pv": str(pv), "uv": str(uv)}, 48 * 3600 * 1000)
        for (day, minute, channel), (pv, uv) in expected.traffic.items()
    }


def row_of(code, step, identity):
    """The part of a row that tells a dead letter's identity."""
    if step == "ads_gmv_minute":
        return {"window_start": clock.format_utc(identity[0]), "province_id": identity[1]}
    if step == "ads_traffic_day":
        return dict(zip(("day", "minute", "channel"), identity))
    if step == "dws_traffic_day":
        return {"mid": identity[0], "channel": identity[1], "ts": clock.format_utc(identity[2])}
    return {"detail_id" if code == codes.CHECK_FAILED else "id": identity}


def letter_records(expected, topics):
    topic, values, held = records.DEAD_LETTER_TOPIC, [], set()
    for code, step, identity in expected.dead_letters.elements():
        letter = dict.fromkeys(codes.ENVELOPE)
        letter |= {"pipeline": "trade", "step": step, "code": code, "message": "why"}
        if code in codes.BY_POSITION:
            letter |= dict(zip(("topic", "partition", "offset"), identity))
            value = topics[identity[0]][identity[1]][identity[2]].value
            # The first of a record's letters holds it.
            if (step, *identity) in held:
                value = None
            held.add((step, *identity))
            letter["payload_base64"] = None if value is None else base64.b64encode(value).decode()
        else:
            letter["row"] = row_of(code, step, identity)
        values.append(json.dumps(letter).encode())
    return {0: [records.Record(topic, 0, n, 0, None, value) for n, value in enumerate(values)]}
