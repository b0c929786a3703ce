"""Kills the trade pipeline again and again, at random and at every step of the checkpoint and
publish protocol, and lets other processes take it over while it is stopped. Meanwhile readers watch
the targets for a torn, doubled or lost epoch; after every death each target must show whole epochs;
in the end every sink must equal the recomputation. Prints where it struck and what had to be
published again. Exit status 1 when anything differs or a step was not hit often enough."""

import argparse
import collections
import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import psycopg2

from .. import readers, stage, topics
from . import lives, refusals, set_back, take_over, watch
from .at_rest import AtRest
from ..generator.feed import Feed

# Reached only in some epochs: of many Redis operations, or with rows that a trigger refuses. Armed
# in every life until they have struck often enough.
RARE_POINTS = ("redis_after_chunk", "postgres_after_rejects", "rejects_folded")
# The trade pipeline has nothing that Kafka or Redis would refuse: tests of the connectors strike
# there.
NEVER_REACHED = ("kafka_after_rejects", "redis_after_rejects")
ENOUGH = 3
UNDECIDED = (
    "checkpoint_before_barrier",
    "checkpoint_after_acknowledgements",
    "checkpoint_after_state_written",
    "checkpoint_after_files_synced",
    "checkpoint_before_rename",
)
UNPUBLISHED = ("checkpoint_after_rename", "checkpoint_decided", "publish_before")
IN_KAFKA = ("kafka_after_begin", "kafka_after_rows", "kafka_after_marker")
_FIRST_PART = 0.45  # of the records: read at once, into an epoch of several Redis chunks
KAFKA_ALONE = "Kafka done, PostgreSQL not"
# Struck at again where a situation had too few: an epoch may have nothing for a target.
TOP_UPS = {
    "undecided": "checkpoint_before_rename",
    "decided, unpublished": "checkpoint_decided",
    "inside the Kafka transaction": "kafka_after_rows",
}
_TRIES = 10
_TOP_UP_S = 10  # of a life that waits for a rare point, on a slow machine too
_HELD_S = 3


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="./dev chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--orders", type=int, default=12_000)
    parser.add_argument("--kills", type=int, default=30, help="at random moments")
    parser.add_argument("--strikes", type=int, default=3, help="at each failpoint")
    binary = stage.ROOT / "build/dev/src/cli/sluice"
    parser.add_argument("--sluice", type=pathlib.Path, default=binary)
    return parser.parse_args(arguments)


class Chaos:
    """One run: the lives, and what is counted of them."""

    def __init__(self, options, environment, work):
        self._options = options
        self._wanted = max(ENOUGH, options.strikes)
        self._draw = random.Random(options.seed)
        self.lives = lives.Lives(options.sluice, work, environment)
        self._feed = Feed(options.seed, options.orders, environment["KAFKA_BROKERS"])
        self._redis_address = environment["REDIS_ADDR"]
        self.redis_copy = None
        self._dsn = readers.default_dsn(environment)
        self.kafka = watch.KafkaWatch(environment["KAFKA_BROKERS"])
        self.watches = [
            self.kafka,
            watch.PostgresWatch(self._dsn),
            watch.RedisWatch(self._redis_address),
        ]
        self.at_rest = AtRest(self.kafka, self._dsn, self._redis_address)
        self._take_over = take_over.TakeOver(self.lives, self.at_rest, self.kafka)
        self.is_played = False  # to the end of the records
        self.situations = collections.Counter()
        self.published_later = collections.Counter()  # target -> epochs
        self.republished = collections.Counter()  # target -> attempts cut off and made again

    def _rare(self):
        return [point for point in RARE_POINTS if self.lives.strikes[point] < self._wanted]

    def _note(self, struck):
        """Looks at what a death left behind."""
        rest = self.at_rest.look(self.lives.folder)
        for target, count in rest.lacks.items():
            self.published_later[target] += count
        lacks = rest.lacks
        cut_off = {
            "kafka": struck in IN_KAFKA,
            "report": struck.startswith("postgres_") and lacks.get("report", 0) > 0,
            "cache": rest.redis_begun > 0,
        }
        self.republished.update(target for target, is_cut in cut_off.items() if is_cut)
        self.situations["undecided"] += struck in UNDECIDED
        self.situations["decided, unpublished"] += (
            struck in UNPUBLISHED and max(lacks.values(), default=0) > 0
        )
        self.situations["inside the Kafka transaction"] += (
            struck in IN_KAFKA and lacks.get("kafka", 0) > 0
        )
        self.situations[KAFKA_ALONE] += (
            struck == "kafka_after_commit"
            and lacks.get("kafka") == 0
            and lacks.get("report", 0) > 0
        )
        self.situations["after COMMIT, before its answer"] += struck == "postgres_after_commit"
        self.situations["between two Redis chunks"] += rest.redis_begun > 0

    def _begin(self):
        """A first part that is read and decided at once, so that Redis gets it in chunks."""
        self._feed.write(int(self._feed.left() * _FIRST_PART))
        for _ in range(2 * ENOUGH * len(RARE_POINTS)):
            if "redis_after_chunk" not in self._rare():
                self.redis_copy = set_back.RedisCopy(self._redis_address)
                return
            struck = self.lives.strike(self.lives.whole, self._rare(), "--until", "now")
            self.kafka.follow_progress()
            self._note(struck)
        raise lives.LifeError("no epoch had enough Redis operations for chunks")

    def _strike_with_postgres_held(self):
        """Once PostgreSQL has the life's first epoch, its marker is locked; at Kafka's second
        commit the process dies."""
        self.lives.run(self.lives.quick)
        first = self.at_rest.postgres_epoch() + 1
        process = self.lives.start(
            self.lives.quick, points=["kafka_after_commit"], action="kill@2"
        )
        while process.poll() is None and self.at_rest.postgres_epoch() < first:
            time.sleep(0.002)
        connection = psycopg2.connect(self._dsn)
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT FROM sluice.progress FOR UPDATE")
            # When the epochs that PostgreSQL may be behind have nothing for Kafka, none follows.
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_HELD_S)
        connection.close()
        self.lives.end(process, wanted=-signal.SIGKILL)
        return self.lives.note_strike(process)

    def _rounds(self):
        others = RARE_POINTS + NEVER_REACHED
        names = [name for name in lives.failpoint_names() if name not in others]
        rounds = [("strike", name) for name in names * self._options.strikes]
        missing = max(0, ENOUGH - self._options.strikes)
        rounds += [("strike", "postgres_after_commit")] * missing
        rounds += [("random", None)] * self._options.kills
        self._draw.shuffle(rounds)
        # These take more records than others: not among the last.
        for special in [("held", None), *(("taken over", stand) for stand in take_over.STANDS)]:
            rounds.insert(self._draw.randrange(len(rounds) // 2), special)
        return [*rounds, ("top up", None)]

    def _play_round(self, kind, name):
        if kind == "strike":
            # A rare point may come first.
            for _ in range(_TRIES):
                struck = self.lives.strike(self.lives.quick, [name, *self._rare()])
                self._note(struck)
                if struck == name:
                    break
        elif kind == "random":
            struck = None
            while struck != lives.AT_RANDOM:
                struck = self.lives.kill_after(self._draw.uniform(0.2, 2.5), self._rare())
                self._note(struck)
        elif kind == "held":
            for _ in range(_TRIES):
                self._note(self._strike_with_postgres_held())
                if self.situations[KAFKA_ALONE] >= self._wanted:
                    break
        elif kind == "top up":
            for rare in RARE_POINTS:
                for _ in range(_TRIES):
                    if self.lives.strikes[rare] > 0:
                        break
                    self._note(self.lives.kill_after(_TOP_UP_S, [rare]))
            for situation, point in TOP_UPS.items():
                for _ in range(_TRIES):
                    if self.situations[situation] >= ENOUGH:
                        break
                    self._note(self.lives.strike(self.lives.quick, [point, *self._rare()]))
        else:
            self._take_over.play(name)

    def play(self):
        for each in self.watches:
            each.start()
        self._begin()
        rounds = self._rounds()
        for number, (kind, name) in enumerate(rounds):
            share = self._feed.left() // (len(rounds) + 1 - number)  # one is left for the end
            with self._feed.flowing(share):
                self._play_round(kind, name)
        self._feed.write(self._feed.left())
        # In one epoch: the newest has something for the targets, so that one before is too old.
        self.lives.run(self.lives.whole)
        self.at_rest.look(self.lives.folder)
        self.is_played = True

    def problems(self):
        found = list(self.at_rest.problems)
        for each in self.watches:
            each.stop()
            found += each.problems
        for name in lives.failpoint_names():
            if name not in NEVER_REACHED and self.lives.strikes[name] == 0:
                found.append(f"never struck at {name}")
        for situation, count in self.situations.items():
            if count < ENOUGH:
                found.append(f"struck only {count} times: {situation}")
        return found

    def show(self):
        print("where it struck:")
        for name, count in self.lives.strikes.most_common():
            print(f"  {count:4} x {name}")
        print("in which situation:")
        for situation, count in self.situations.items():
            print(f"  {count:4} x {situation}")
        print("epochs that a later life had to publish, and of them begun before:")
        for target, count in self.published_later.items():
            print(f"  {count:4} {target}, {self.republished[target]} of them begun before")
        kafka, postgres, redis = self.watches
        print(
            f"watched: {sum(map(len, kafka.seen.values()))} Kafka records, {postgres.looks} "
            f"snapshots of PostgreSQL at {len(postgres.rows_at)} markers, {redis.looks} of Redis "
            f"at {len(redis.keys_at)}; {self.at_rest.checked} looks at rest"
        )


def run(options, work, started):
    """True when everything was as it must be."""
    addresses, guard = stage.start_servers(work)
    environment = os.environ | addresses
    os.environ["PGPASSFILE"] = addresses["PGPASSFILE"]
    stage.say(started, f"seed {options.seed}, work in {work}")
    try:
        topics.create(addresses["KAFKA_BROKERS"])
        stage.create_tables(readers.default_dsn(addresses))
        chaos = Chaos(options, environment, work)
        problems = []
        try:
            chaos.play()
            stage.say(started, "all lives are over")
        except lives.LifeError as error:
            problems.append(str(error))
        problems += chaos.problems()
        chaos.show()
        if chaos.is_played and not stage.compare_all(
            stage.sink_options(environment), started, closed=False
        ):
            problems.append("sinks differ from the recomputation")
        if not problems:
            problems = refusals.problems(chaos.lives, chaos.at_rest, work)
            problems += set_back.problems(chaos.lives, chaos.redis_copy)
        for problem in problems[:20]:
            print(f"chaos: {problem}", file=sys.stderr)
        return not problems
    finally:
        guard.stdin.close()
        guard.wait()


def main(arguments=None):
    options = options_of(arguments)
    if not os.access(options.sluice, os.X_OK):
        sys.exit(f"chaos: {options.sluice} is missing: run ./dev build --preset dev")
    started = time.monotonic()
    work = pathlib.Path(tempfile.mkdtemp(prefix="sluice-chaos-"))
    is_right = run(options, work, started)
    stage.say(started, "nothing lost, doubled or torn" if is_right else f"FAILED, see {work}")
    if is_right:
        shutil.rmtree(work)
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
