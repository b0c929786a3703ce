"""Compares the rows of the campaign pipeline with the recomputation's."""

import collections
import datetime
import json


def read_expected(path):
    """(window start in ms, campaign) → views."""
    expected = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            start, campaign, views = line.rstrip("\n").split("\t")
            expected[int(start), campaign] = int(views)
    return expected


def count_rows(documents):
    """How often each (window start in ms, campaign, views) is there."""
    rows = collections.Counter()
    for document in documents:
        row = json.loads(document)
        start = datetime.datetime.fromisoformat(row["window_start"].removesuffix("Z") + "+00:00")
        rows[round(start.timestamp() * 1000), row["campaign_id"], row["views"]] += 1
    return rows


def differences(expected, rows, most=5):
    """What is wrong with the rows, in words; empty when each group is there exactly once."""
    wanted = collections.Counter((*group, views) for group, views in expected.items())
    missing, surplus = wanted - rows, rows - wanted
    if not missing and not surplus:
        return [] if expected else ["the recomputation holds no rows at all"]
    problems = [f"{missing.total()} rows missing, {surplus.total()} rows too many"]
    problems += [f"missing {row}" for row in list(missing)[:most]]
    problems += [f"too many {row}" for row in list(surplus)[:most]]
    return problems
