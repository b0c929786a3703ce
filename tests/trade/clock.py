"""Times of the trade world: integers of microseconds since 1970, and their texts in the
pipeline's zone.

Asia/Shanghai has been UTC+8 without daylight saving since 1991, so one fixed offset is exact
here."""

import datetime
import functools
import re

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ZONE_OFFSET = 8 * HOUR

_ZONE = datetime.timezone(datetime.timedelta(hours=8))
_LOCAL_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?")


@functools.lru_cache(maxsize=4096)
def _date_micros(text):
    """Midnight of a date of the zone; raises ValueError where the calendar has no such day."""
    year, month, day = map(int, text.split("-"))
    days = datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    return days * DAY - ZONE_OFFSET


def parse_local(text):
    """Microseconds of 'YYYY-MM-DD HH:MM:SS[.ffffff]' in the zone; ValueError for anything else."""
    match = _LOCAL_TIME.fullmatch(text)
    if not match:
        raise ValueError(f"not a timestamp: {text!r}")
    date, hour, minute, second, fraction = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise ValueError(f"not a time of day: {text!r}")
    seconds = int(hour) * 3600 + int(minute) * 60 + int(second)
    return _date_micros(date) + seconds * SECOND + int((fraction or "0").ljust(6, "0"))


@functools.lru_cache(maxsize=4096)
def _local_date(day_number):
    return datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + day_number).isoformat()


def format_local(micros):
    """The text MySQL (and so Canal) shows for a time: zone-local, fraction only where there is
    one."""
    day, rest = divmod(micros + ZONE_OFFSET, DAY)
    seconds, fraction = divmod(rest, SECOND)
    text = f"{_local_date(day)} {seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return f"{text}.{fraction:06}".rstrip("0") if fraction else text


def format_utc(micros):
    """ISO 8601 in UTC with Z and no needless fraction: the JSON form of a timestamptz."""
    day, rest = divmod(micros, DAY)
    seconds, fraction = divmod(rest, SECOND)
    text = f"{_local_date(day)}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return (f"{text}.{fraction:06}".rstrip("0") if fraction else text) + "Z"


def day_start(micros):
    """Midnight of the zone at or before a time."""
    return micros - (micros + ZONE_OFFSET) % DAY


def minute_start(micros):
    """Minutes count from the zone's midnight of 2000-01-01, which is a whole minute of UTC as
    well."""
    return micros - micros % MINUTE


def local_day(micros):
    return _local_date((micros + ZONE_OFFSET) // DAY)


def local_minute(micros):
    minutes = (micros + ZONE_OFFSET) % DAY // MINUTE
    return f"{minutes // 60:02}:{minutes % 60:02}"


def from_datetime(value):
    """Microseconds of an aware datetime, as the PostgreSQL driver returns it; exact."""
    delta = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return (delta.days * 86400 + delta.seconds) * SECOND + delta.microseconds


def yesterday():
    """The last whole day of the zone: young enough for every retention, never in the future."""
    return (datetime.datetime.now(_ZONE).date() - datetime.timedelta(days=1)).isoformat()


def parse_utc(text):
    """The inverse of format_utc; raises ValueError where the text is not in exactly that form."""
    micros = parse_local(text.removesuffix("Z").replace("T", " ")) + ZONE_OFFSET
    if format_utc(micros) != text:
        raise ValueError(f"not a time in UTC: {text!r}")
    return micros
