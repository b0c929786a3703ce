"""Redis set back to an older copy of itself, as after a failover: the epochs that it forgot are
published again from the spools that are kept."""

import redis


class RedisCopy:
    """All keys as they are now."""

    def __init__(self, address):
        self._client = redis.Redis.from_url(f"redis://{address}/0")
        names = list(self._client.scan_iter(count=5000))
        pipe = self._client.pipeline(transaction=True)
        for name in names:
            pipe.dump(name)
            pipe.pttl(name)
        answers = pipe.execute()
        now_ms = self._now_ms()
        self._keys = [
            (name, dump, 0 if left_ms < 0 else now_ms + left_ms)
            for name, dump, left_ms in zip(names, answers[::2], answers[1::2])
        ]

    def _now_ms(self):
        seconds, microseconds = self._client.time()
        return seconds * 1000 + microseconds // 1000

    def put_back(self):
        pipe = self._client.pipeline(transaction=True)
        pipe.flushdb()
        for name, dump, expires_ms in self._keys:
            pipe.restore(name, expires_ms, dump, absttl=expires_ms > 0)
        pipe.execute()

    def hashes(self):
        """Of the pipeline's rows: name -> fields."""
        names = sorted(self._client.scan_iter(match="ads:*", count=5000))
        pipe = self._client.pipeline(transaction=False)
        for name in names:
            pipe.hgetall(name)
        return dict(zip(names, pipe.execute()))


def problems(lives, copy):
    """Of a pipeline that was stopped well some epochs after the copy was taken."""
    before = copy.hashes()
    copy.put_back()
    if copy.hashes() == before:
        return ["Redis was set back to where it is: that shows nothing"]
    lives.run(lives.quick)
    if copy.hashes() != before:
        return ["Redis was set back and does not show every epoch again"]
    return []
