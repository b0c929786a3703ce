"""Reads what a state folder has decided (src/storage/FORMAT.md), to know what each epoch must
show."""

import collections
import json
import struct

_HEADER_BYTES = 20
_ENTRIES = 2

# Of one target's epoch: sinks are definitions; operations are (index of the sink, bytes).
Spool = collections.namedtuple("Spool", "epoch sinks operations")


def _blocks(path):
    """(kind, payload) of every block; its checksums are the engine's to verify."""
    data = path.read_bytes()
    at = _HEADER_BYTES
    while at < len(data):
        length, kind = struct.unpack_from("<IB", data, at)
        yield kind, data[at + 5 : at + 5 + length]
        at += 5 + length + 8


def newest_manifest(folder):
    """The manifest decided last as a dict; None before the first. The engine must not be
    running."""
    epochs = [int(path.name.split("-")[1]) for path in folder.glob("MANIFEST-*[0-9]")]
    if not epochs:
        return None
    path = folder / f"MANIFEST-{max(epochs)}"
    return next(json.loads(payload) for kind, payload in _blocks(path) if kind == _ENTRIES)


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _text(data, at):
    length, at = _varint(data, at)
    return data[at : at + length].decode("utf-8"), at + length


def _definitions(header):
    _, at = _text(header, 8)
    count, at = _varint(header, at)
    definitions = []
    for _ in range(count):
        _, at = _text(header, at)
        definition, at = _text(header, at)
        definitions.append(definition)
        at += 1
    return definitions


def _operations(payload):
    at = 0
    while at < len(payload):
        sink, length = struct.unpack_from("<II", payload, at)
        at += 8
        end = at + length
        while at < end:
            (size,) = struct.unpack_from("<I", payload, at)
            yield sink, payload[at + 4 : at + 4 + size]
            at += 4 + size


def read_spool(path, epoch):
    blocks = list(_blocks(path))
    operations = [
        operation
        for kind, payload in blocks
        if kind == _ENTRIES
        for operation in _operations(payload)
    ]
    return Spool(epoch, _definitions(blocks[0][1]), operations)


def kafka_record(operation):
    """(key, value) of a spooled record, as bytes or None."""
    (size,) = struct.unpack_from("<I", operation)
    key, rest = None, operation[4:]
    if size != 0xFFFFFFFF:
        key, rest = rest[:size], rest[size:]
    return key, rest[1:] if rest[0] == 1 else None
