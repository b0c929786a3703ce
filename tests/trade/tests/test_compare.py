"""A correct set of sinks agrees; every kind of change to it is a difference."""

import json
import unittest

from .. import codes
from ..comparison import compare, sinks
from .playback import dwd_records, gmv_table, letter_records, row_json, traffic_hashes
from ..recomputation.recompute import recompute
from ..generator.stream import Settings, Stream
from .test_world import topics_of

NAMES = {str(number): f"P{number}" for number in range(1, 35)}
SETTINGS = Settings(
    seed=3, orders=300, day="2026-01-01", span_minutes=180, partitions=2, faults=1, pages=1.5
)


class Compare(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.topics = topics_of(Stream(SETTINGS).records())
        cls.expected = recompute(cls.topics, NAMES)

    def setUp(self):
        self.dwd = dwd_records(self.expected, SETTINGS.partitions)
        self.gmv = gmv_table(self.expected)
        self.status = list(self.expected.order_status.items())
        self.traffic = traffic_hashes(self.expected)
        self.letters = letter_records(self.expected, self.topics)

    def differing(self):
        return set(
            compare.differences(
                self.expected,
                {
                    "dwd_order_detail_topic": sinks.dwd(self.dwd),
                    "ads_gmv_minute": sinks.gmv(self.gmv),
                    "ads_order_status": sinks.order_status(self.status),
                    "ads_traffic_day": sinks.traffic_day(self.traffic),
                    "dead_letter": sinks.dead_letters(self.letters, self.topics),
                },
            )
        )

    def change_dwd(self, amount=None, **change):
        """Gives one row another text for its amount, or other columns."""
        feed = self.dwd[0]
        row = json.loads(feed[5].value, parse_float=str)
        amount = amount or row["amount"]
        feed[5] = feed[5]._replace(value=row_json(row | change, amount))

    def change_letter(self, wanted, **change):
        feed = self.letters[0]
        for at, record in enumerate(feed):
            letter = json.loads(record.value)
            if letter["code"] == wanted:
                feed[at] = record._replace(value=json.dumps(letter | change).encode())
                return
        self.fail(f"no letter {wanted}")

    def test_correct_sinks_agree(self):
        self.assertEqual(set(), self.differing())

    def test_append_topic_with_a_hole(self):
        del self.dwd[1][3]
        self.assertEqual({"dwd_order_detail_topic"}, self.differing())

    def test_append_topic_with_a_duplicate(self):
        self.dwd[0].append(self.dwd[0][0])
        self.assertEqual({"dwd_order_detail_topic"}, self.differing())

    def test_append_topic_with_another_number(self):
        self.change_dwd(amount="0.01")
        self.assertEqual({"dwd_order_detail_topic"}, self.differing())

    def test_append_topic_with_other_digits_of_the_same_number(self):
        amount = json.loads(self.dwd[0][5].value, parse_float=str)["amount"]
        self.change_dwd(amount=amount + "0")
        self.assertEqual({"dwd_order_detail_topic"}, self.differing())

    def test_append_topic_with_an_extra_or_renamed_column(self):
        self.change_dwd(extra=None)
        self.assertEqual({"dwd_order_detail_topic"}, self.differing())

    def test_append_topic_with_a_row_in_the_wrong_partition(self):
        self.dwd[1].append(self.dwd[0].pop())
        self.assertEqual({"dwd_order_detail_topic"}, self.differing())

    def test_gmv_with_a_missing_a_stale_or_an_extra_row(self):
        whole = sorted(self.gmv, key=lambda row: row[2] is None)
        start, province, name, orders, amount = whole[4]
        for table in (
            whole[1:],
            whole[:4] + [(start, province, name, orders + 1, amount)] + whole[5:],
            whole[:4] + [(start, province, name, orders, amount + 1)] + whole[5:],
            whole[:4] + [(start, province, None, orders, amount)] + whole[5:],
            whole + [(start, "x", name, orders, amount)],
        ):
            self.gmv = table
            self.assertEqual({"ads_gmv_minute"}, self.differing())

    def test_status_with_an_empty_group_left_over(self):
        self.status.append(("1009", 0))
        self.assertEqual({"ads_order_status"}, self.differing())

    def test_traffic_with_a_wrong_count_field_or_expiry(self):
        key = next(iter(self.traffic))
        fields, lives = self.traffic[key]
        for broken in (
            (fields | {"pv": fields["pv"] + "0"}, lives),
            (fields | {"pv": "0" + fields["pv"]}, lives),
            ({"pv": fields["pv"]}, lives),
            (fields | {"other": "1"}, lives),
            (fields, -1),
            (fields, lives + 1),
        ):
            self.traffic[key] = broken
            self.assertEqual({"ads_traffic_day"}, self.differing(), broken)

    def test_traffic_with_a_window_too_many(self):
        self.traffic["ads:traffic:2026-01-02:web:23:59"] = ({"pv": "1", "uv": "1"}, 1000)
        self.assertEqual({"ads_traffic_day"}, self.differing())

    def test_dead_letter_missing_or_twice(self):
        whole = self.letters[0]
        for feed in (whole[:-1], whole + [whole[0]]):
            self.letters = {0: feed}
            self.assertEqual({"dead_letter"}, self.differing())

    def test_dead_letter_with_a_wrong_field(self):
        whole = list(self.letters[0])
        for code, change in (
            (codes.UNREADABLE, {"payload_base64": "AAAA"}),
            (codes.UNREADABLE, {"offset": 0}),
            (codes.BAD_COLUMN, {"code": codes.UNREADABLE}),
            (codes.LATE, {"step": "other"}),
            (codes.LATE, {"code": "E3999"}),
            (codes.LATE, {"message": ""}),
            (codes.CHECK_FAILED, {"row": {"detail_id": "x"}}),
            (codes.SINK_REFUSED, {"row": None}),
            (codes.SINK_KEY_NULL, {"surplus": 1}),
        ):
            self.letters = {0: list(whole)}
            self.change_letter(code, **change)
            self.assertEqual({"dead_letter"}, self.differing(), (code, change))


if __name__ == "__main__":
    unittest.main()
