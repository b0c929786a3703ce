"""Writes the generated records to Kafka bit by bit, as the lives of a kill test need them."""

import contextlib
import itertools
import threading

from .. import clock
from . import generate
from .stream import Settings, Stream

_FAULTS = 8  # bad rows of each kind, so that some meet a life that is armed for them
_PIECES = 20  # that a life's records come in
_PIECE_EVERY_S = 0.05
_TRICKLE = 1500
_SMALLEST_PIECE = 3


class Feed:
    """The generated records, written part by part as the lives need them."""

    def __init__(self, seed, orders, brokers):
        settings = Settings(seed, orders, clock.yesterday(), 25 * 60, 4, _FAULTS, 1.5)
        self._records = list(Stream(settings).records())
        self._writer = generate.KafkaWriter(brokers, 0)
        self._next = 0

    def left(self):
        return len(self._records) - self._next

    def write(self, count):
        for record in self._records[self._next : self._next + count]:
            self._writer.write(record)
        self._next = min(len(self._records), self._next + count)
        self._writer.flush()

    @contextlib.contextmanager
    def flowing(self, count):
        """Writes the records in pieces while the block runs, then ever fewer of what is left, so
        that there is something new all the time and later lives have some, too."""
        stopping = threading.Event()

        def flow():
            for piece in itertools.count():
                size = count // _PIECES if piece < _PIECES else self.left() // _TRICKLE
                self.write(max(_SMALLEST_PIECE, size))
                if stopping.wait(_PIECE_EVERY_S):
                    return

        thread = threading.Thread(target=flow)
        thread.start()
        try:
            yield
        finally:
            stopping.set()
            thread.join()
