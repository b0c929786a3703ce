"""Waiting for what another process does, by asking again and again."""

import time

PATIENCE_S = 60


def wait_for(condition, what):
    """The first true value of `condition()`; fails with `what` when it takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {PATIENCE_S} s: {what}")
        time.sleep(0.05)
    return value
