"""What the targets show while no engine runs, compared with the epochs that the state folder has
decided: all of an epoch or nothing of it, each once, in order."""

import collections
import time

import psycopg2
import redis

from . import state_folder, watch
from ..murmur import partition_of

_SETTLE_S = 30
_LOOK_AGAIN_S = 0.01
_REDIS_OWN_KEYS = 1  # the marker

# lacks: target -> number of decided epochs that it does not show; points: target -> marker's epoch;
# redis_begun: operations that Redis shows of the epoch after its marker's.
Rest = collections.namedtuple("Rest", "epoch lacks points redis_begun")


class AtRest:
    """Looks after every death. `folder` may change when another process takes over."""

    def __init__(self, kafka, dsn, redis_address):
        self._kafka = kafka
        self._redis = redis.Redis.from_url(f"redis://{redis_address}/0")
        self._connection = psycopg2.connect(dsn)
        self._connection.autocommit = True
        self._spools = collections.defaultdict(dict)  # target -> epoch -> spool
        self._expected = collections.defaultdict(list)  # of Kafka, up to _expected_epoch
        self._expected_epoch = 0
        self._compared = collections.Counter()
        self.problems = []
        self.checked = 0

    def look(self, folder):
        """Rest; what is wrong goes to `problems`."""
        manifest = state_folder.newest_manifest(folder)
        if manifest is None:
            return Rest(0, {}, {}, 0)
        for entry in manifest["spools"]:
            known = self._spools[entry["target"]]
            if entry["epoch"] not in known:
                path = folder / entry["name"]
                known[entry["epoch"]] = state_folder.read_spool(path, entry["epoch"])
        redis_epoch, begun = self._look_at_redis()
        points = {
            "kafka": self._look_at_kafka(),
            "report": self.postgres_epoch(),
            "cache": redis_epoch,
        }
        lacks = {
            target: sum(epoch > point for epoch in self._spools[target])
            for target, point in points.items()
        }
        self.checked += 1
        return Rest(manifest["epoch"], lacks, points, begun)

    def postgres_marker(self):
        """(epoch, owner)"""
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT epoch, owner FROM sluice.progress WHERE target_id = %s", (watch.TARGET_ID,)
            )
            row = cursor.fetchone()
        return (0, None) if row is None else (int(row[0]), row[1])

    def postgres_epoch(self):
        return self.postgres_marker()[0]

    def is_marker_locked(self):
        """Whether some transaction has the row of PostgreSQL's marker, first to read it, then to
        move it; or has a statement under way, which may take it yet."""
        with self._connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT FROM pg_stat_activity"
                " WHERE application_name = 'sluice' AND state = 'active')"
                " OR EXISTS (SELECT FROM pg_locks WHERE relation = to_regclass('sluice.progress')"
                " AND mode IN ('RowShareLock', 'RowExclusiveLock'))"
            )
            return cursor.fetchone()[0]

    def redis_marker(self):
        """(epoch, operations done of the next one, keys at that moment)"""
        pipe = self._redis.pipeline(transaction=True)
        marker, keys = pipe.get(watch.REDIS_MARKER).dbsize().execute()
        words = marker.split() if marker else None
        return (int(words[3]), int(words[6]), keys) if words else (0, 0, keys)

    def _look_at_redis(self):
        epoch, begun, keys = self.redis_marker()
        wanted = begun + sum(
            len(spool.operations) for at, spool in self._spools["cache"].items() if at <= epoch
        )
        if epoch > 0 and keys - _REDIS_OWN_KEYS != wanted:
            self.problems.append(
                f"Redis shows {keys - _REDIS_OWN_KEYS} rows at epoch {epoch} and {begun} "
                f"operations, not {wanted}"
            )
        return epoch, begun

    def _look_at_kafka(self):
        """The broker may still be ending a transaction, so this waits until marker and rows fit."""
        deadline = time.monotonic() + _SETTLE_S
        while True:
            if self._kafka.has_reached_end():
                epoch = self._kafka.marker_epoch
                problem = self._difference(epoch)
                if problem is None:
                    return epoch
                if time.monotonic() > deadline:
                    self.problems.append(problem)
                    return epoch
            elif time.monotonic() > deadline:
                self.problems.append("Kafka's committed records are not read to their end in time")
                return self._kafka.marker_epoch
            time.sleep(_LOOK_AGAIN_S)

    def _difference(self, epoch):
        """Why the committed records are not exactly those of the epochs up to this one."""
        self._expect_up_to(epoch)
        for place in set(self._expected) | set(self._kafka.seen):
            seen, records = self._kafka.seen[place], self._expected[place]
            compared = self._compared[place]
            if seen[compared:] != records[compared:]:
                return (
                    f"Kafka shows {len(seen)} records of {place[0]}-{place[1]} at epoch {epoch}, "
                    f"which are not the {len(records)} of its epochs"
                )
            self._compared[place] = len(seen)
        return None

    def _expect_up_to(self, epoch):
        for at in sorted(self._spools["kafka"]):
            if not self._expected_epoch < at <= epoch:
                continue
            spool = self._spools["kafka"][at]
            for sink, operation in spool.operations:
                topic = spool.sinks[sink].removeprefix("kafka 1 ")
                key, value = state_folder.kafka_record(operation)
                partition = 0
                if topic == watch.KafkaWatch.TOPICS[0]:
                    partition = partition_of(key.decode("utf-8"), 4)
                self._expected[topic, partition].append((key, value))
        self._expected_epoch = max(epoch, self._expected_epoch)
