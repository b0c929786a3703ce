"""A second process takes the pipeline over while the first is stopped, and the first wakes up."""

import shutil
import signal
import time

from .lives import LifeError

FENCED = "E4402"
_ENVIRONMENT_STATUS = 3  # of an exit code
_PATIENCE_S = 60
_ATTEMPTS = 10
# Where the first process stands when it is stopped: with a decided epoch and nothing sent; inside
# its transaction; done with it, its next instance not yet warmed; as owner who has not published.
# None: wherever it happens to be.
STANDS = (None, "publish_before", "kafka_after_marker", "kafka_after_commit", "start_after_claim")


class TakeOver:
    def __init__(self, lives, at_rest, kafka):
        self._lives = lives
        self._at_rest = at_rest
        self._kafka = kafka

    def _await(self, what, is_there, *processes):
        deadline = time.monotonic() + _PATIENCE_S
        while not is_there():
            for process in processes:
                if process.poll() is not None:
                    raise LifeError(
                        f"ended with {process.returncode} before {what}, see {process.log}"
                    )
            if time.monotonic() > deadline:
                raise LifeError(f"no {what} after {_PATIENCE_S} s, see {processes[0].log}")
            time.sleep(0.01)

    def _published(self):
        """Of all targets, the epoch that each shows."""
        return (
            self._kafka.marker_epoch,
            self._at_rest.postgres_epoch(),
            self._at_rest.redis_marker()[0],
        )

    def _await_progress(self, owner):
        """An epoch more in every target than now."""
        before = self._published()

        def all_moved():
            return all(now > then for now, then in zip(self._published(), before))

        self._await("another epoch in every target", all_moved, owner)

    def _stop_first(self, stand):
        """Not in the middle of its PostgreSQL transaction, whose locks last until the server ends
        it."""
        for _ in range(_ATTEMPTS):
            if stand:
                first = self._lives.stop_at(stand)
            else:
                first = self._lives.start(self._lives.quick)
                self._await_progress(first)
                first.send_signal(signal.SIGSTOP)
            if not self._at_rest.is_marker_locked():
                return first
            first.kill()
            first.wait()
        raise LifeError(f"always in a PostgreSQL transaction when stopped at {stand}")

    def play(self, stand):
        """Leaves the second process stopped well, and its folder as the pipeline's."""
        first = self._stop_first(stand)
        second = None
        try:
            copied = self._lives.state.with_name(f"{self._lives.state.name}-{stand or 'any'}")
            shutil.copytree(self._lives.state, copied)
            before = self._at_rest.postgres_marker()[1]
            second = self._lives.start(self._lives.quick, state=copied)
            self._await(
                "claim", lambda: self._at_rest.postgres_marker()[1] != before, second
            )
            self._await_progress(second)
            first.send_signal(signal.SIGCONT)
            self._lives.end(first, wanted=_ENVIRONMENT_STATUS)
            if FENCED not in self._lives.text_of(first):
                raise LifeError(f"was taken over and is not fenced, see {first.log}")
            self._await_progress(second)
            second.terminate()
            self._lives.end(second, wanted=0)
        finally:
            for process in (first, second):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()
        self._lives.state = copied
        self._lives.strikes[f"taken over, stopped at {stand or 'any place'}"] += 1
