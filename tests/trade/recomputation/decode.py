"""Decodes Canal and plain JSON records into typed rows, by the rules of README.md, part
"Decoding"."""

import collections
import decimal
import json
import re

from .. import clock, codes

_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?\d+(\.\d+)?")
_CENT = decimal.Decimal("0.01")
_NUMERIC_16_2_BOUND = decimal.Decimal(10) ** 14
_END_OF_TIMESTAMPS = 9_224_318_016_000 * clock.SECOND  # the year 294277, as in PostgreSQL

# error is a code or None; columns that could be read are present even in a bad row, because its
# event time still counts.
Row = collections.namedtuple("Row", "columns error")


class BadRecord(Exception):
    """The record as a whole cannot be decoded."""


def text(value):
    """A text column holds what PostgreSQL's text holds: no NUL."""
    if isinstance(value, str) and "\0" not in value:
        return value
    raise ValueError(f"not a text: {value!r}")


def integer(value):
    if not isinstance(value, str) or not _INTEGER.fullmatch(value):
        raise ValueError(f"not an integer: {value!r}")
    number = int(value)
    if not -(2**31) <= number < 2**31:
        raise ValueError(f"out of range for int: {value}")
    return number


def numeric_16_2(value):
    """Rounds half away from zero to two digits, as PostgreSQL does on assignment."""
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise ValueError(f"not a number: {value!r}")
    number = decimal.Decimal(value).quantize(_CENT, decimal.ROUND_HALF_UP)
    if abs(number) >= _NUMERIC_16_2_BOUND:
        raise ValueError(f"out of range for numeric(16,2): {value}")
    return number


def local_time(value):
    return clock.parse_local(text(value))


def epoch_ms(value):
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"not a number of milliseconds: {value!r}")
    if not -_END_OF_TIMESTAMPS < value * 1000 < _END_OF_TIMESTAMPS:
        raise ValueError(f"out of range for timestamptz: {value}")
    return value * 1000


def _document(value):
    """The JSON object of a record; invalid UTF-8 anywhere makes the whole document bad."""
    if value is None:
        raise BadRecord("null value")
    try:
        document = json.loads(value.decode("utf-8"))
    except ValueError as error:
        raise BadRecord(str(error)) from error
    if not isinstance(document, dict):
        raise BadRecord("not an object")
    return document


def _convert(fields, converters):
    columns, error = {}, None
    for name, converter in converters.items():
        value = fields.get(name)
        try:
            columns[name] = None if value is None else converter(value)
        except ValueError:
            error = codes.BAD_COLUMN
    return columns, error


def canal_images(value):
    """(operation, row images in order) of one Canal message; no images for DDL."""
    document = _document(value)
    if document.get("isDdl") is True:
        return None, []
    operation, images = document.get("type"), document.get("data")
    if operation not in ("INSERT", "UPDATE", "DELETE") or not isinstance(images, list):
        raise BadRecord("not a Canal envelope")
    if not all(isinstance(image, dict) for image in images):
        raise BadRecord("a row of data is not an object")
    return operation, images


def image_row(image, converters):
    """The Row of one image, with the columns that a source reads."""
    return Row(*_convert(image, converters))


def page_row(value):
    """The row of one page log; a missing parent on a path is NULL."""
    document = _document(value)
    common = document.get("common")
    if not isinstance(common, dict):
        common = {}
    fields = {"mid": common.get("mid"), "channel": common.get("ch"), "ts": document.get("ts")}
    return Row(*_convert(fields, {"mid": text, "channel": text, "ts": epoch_ms}))
