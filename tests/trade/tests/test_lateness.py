"""One small case for each rule of lateness: README.md, parts "Time" and "Sinks"."""

import decimal
import unittest

from .. import clock, codes
from .cases import Feed, at, letters


def gmv(expected):
    return {clock.local_minute(start): row for (start, _), row in expected.gmv.items()}


class JoinLateness(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()
        self.feed.order("o1", "10:00:00")

    def test_detail_exactly_at_the_limit_joins(self):
        self.feed.detail("d1", "o9", "10:10:30.000001")  # watermark 10:10:00.000001
        self.feed.detail("d2", "o1", "10:00:00.000001")
        self.assertEqual({"d2"}, set(self.feed.result().dwd))

    def test_detail_a_microsecond_beyond_the_limit_is_refused(self):
        self.feed.detail("d1", "o9", "10:10:30.000002")
        self.feed.detail("d2", "o1", "10:00:00.000001")
        expected = self.feed.result()
        self.assertEqual({}, expected.dwd)
        self.assertEqual([(codes.LATE, "dwd_order_detail", "d2")], letters(expected))

    def test_order_beyond_the_limit_is_refused_and_its_details_vanish(self):
        self.feed.order("o2", "11:00:00")
        self.feed.order("o3", "10:30:00")
        self.feed.detail("d3", "o3", "10:30:00")
        expected = self.feed.result()
        self.assertEqual({}, expected.dwd)
        self.assertEqual([(codes.LATE, "dwd_order_detail", "o3")], letters(expected))

    def test_only_the_own_partition_makes_a_row_late(self):
        self.feed.detail("d1", "o9", "23:00:00", partition=1)
        self.feed.detail("d2", "o1", "10:00:00", partition=0)
        self.assertEqual({"d2"}, set(self.feed.result().dwd))

    def test_watermark_is_moved_by_bad_filtered_and_repeated_rows_but_not_by_far_ones(self):
        self.feed.detail("d1", "o9", "10:05:00", split_total_amount="abc")
        self.feed.detail("d2", "o9", "10:06:00", sku_num="0")
        self.feed.detail("d3", "o9", "20:00:00", kafka="10:06:00")
        self.feed.detail("d4", "o1", "10:00:00")
        self.assertEqual({"d4"}, set(self.feed.result().dwd))
        self.feed.detail("d5", "o9", "10:30:00", split_total_amount="abc")
        self.feed.detail("d6", "o1", "10:01:00")
        self.assertIn((codes.LATE, "dwd_order_detail", "d6"), letters(self.feed.result()))

    def test_filtered_row_is_never_late(self):
        self.feed.detail("d1", "o9", "12:00:00")
        self.feed.detail("d2", "o1", "10:00:00", sku_num="0")
        self.assertEqual([], letters(self.feed.result()))

    def test_repeated_row_is_never_late(self):
        self.feed.detail("d2", "o1", "10:00:00")
        self.feed.detail("d1", "o9", "12:00:00")
        self.feed.detail("d2", "o1", "10:00:00")
        expected = self.feed.result()
        self.assertEqual([], letters(expected))
        self.assertEqual({"d2"}, set(expected.dwd))

    def test_rows_of_one_message_are_late_against_those_before_them(self):
        rows = [
            {"id": f"d{n}", "order_id": "o1", "sku_id": "s", "sku_num": "1", "create_time": text}
            for n, text in ((1, "2026-01-01 12:00:00"), (2, "2026-01-01 10:00:00"))
        ]
        self.feed.canal("ods_order_detail", "INSERT", rows, "12:00:00")
        self.assertEqual([(codes.LATE, "dwd_order_detail", "d2")], letters(self.feed.result()))


class JoinRange(unittest.TestCase):
    def test_order_joins_from_ten_minutes_before_up_to_the_same_time(self):
        feed = Feed()
        feed.order("o1", "10:00:00")
        for name, time in (("d1", "09:59:59"), ("d2", "10:00:00"), ("d3", "10:10:00")):
            feed.detail(name, "o1", time)
        feed.detail("d4", "o1", "10:10:00.000001")
        self.assertEqual({"d2", "d3"}, set(feed.result().dwd))


class MinuteWindows(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()
        self.feed.order("o1", "10:00:00")
        self.feed.detail("d1", "o1", "10:00:59")

    def end(self, time):
        self.feed.order("end", time)
        self.feed.detail("end", "none", time)

    def open_result(self):
        self.feed.page("m", "12:00:00")
        return self.feed.result(closed=False)

    def test_window_fires_when_the_watermark_is_at_its_end(self):
        self.end("10:01:30")
        self.assertEqual({"10:00"}, set(gmv(self.open_result())))

    def test_window_stays_open_a_microsecond_before(self):
        self.end("10:01:29.999999")
        self.assertEqual({}, gmv(self.open_result()))

    def test_window_waits_for_the_slower_side_of_the_join(self):
        self.end("10:01:29")
        self.feed.detail("d9", "none", "13:00:00")
        self.assertEqual({}, gmv(self.open_result()))

    def test_accepted_late_row_corrects_a_window_that_was_sent(self):
        self.feed.order("o2", "10:00:00")
        self.end("10:09:00")
        self.feed.detail("d2", "o1", "10:00:30")
        self.feed.detail("d3", "o2", "10:00:31")
        self.assertEqual(("Beijing", 2, decimal.Decimal("30.00")), gmv(self.open_result())["10:00"])

    def test_refused_windows_must_not_be_corrected(self):
        self.feed.order("o2", "10:00:00", province_id=None)
        self.feed.detail("d2", "o2", "10:08:00")
        self.end("10:12:00")
        self.feed.detail("d3", "o2", "10:08:01")
        with self.assertRaisesRegex(ValueError, "its dead letters vary"):
            self.open_result()

    def test_partitions_that_end_apart_have_no_unique_result(self):
        self.end("10:30:00")
        self.feed.order("o8", "10:31:00", partition=1)
        with self.assertRaisesRegex(ValueError, "different watermarks"):
            self.open_result()


class CumulateLateness(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()

    def curve(self, expected):
        return {minute: counts for (_, minute, _), counts in expected.traffic.items()}

    def test_every_minute_to_midnight_is_sent(self):
        self.feed.page("m1", "23:57:30")
        curve = self.curve(self.feed.result())
        self.assertEqual({"23:58": (1, 1), "23:59": (1, 1), "00:00": (1, 1)}, curve)

    def test_row_counts_from_its_own_minute_when_it_is_not_behind(self):
        self.feed.page("m1", "23:57:10")
        self.feed.page("m2", "23:57:00")  # exactly at the watermark
        self.assertEqual((2, 2), self.curve(self.feed.result())["23:58"])

    def test_late_row_counts_only_in_windows_that_end_after_the_watermark(self):
        self.feed.page("m1", "23:58:10")  # watermark 23:58:00: the window to 23:58 is over
        self.feed.page("m2", "23:57:59")
        curve = self.curve(self.feed.result())
        self.assertNotIn("23:58", curve)
        self.assertEqual((2, 2), curve["23:59"])

    def test_late_row_counts_in_the_window_that_is_still_open_at_the_watermark(self):
        self.feed.page("m0", "23:57:01", partition=1)
        self.feed.page("m1", "23:58:09.999")
        self.feed.page("m2", "23:57:59")
        self.assertEqual((2, 2), self.curve(self.feed.result())["23:58"])

    def test_row_is_refused_when_its_day_is_over(self):
        end = at("00:00:00") + clock.DAY
        self.feed.page("m1", "23:59:00", ts=(end + 10 * clock.SECOND) // 1000, kafka=end)
        self.feed.page("m2", "23:59:59", channel="app")
        late = (codes.LATE, "dws_traffic_day", ("m2", "app", at("23:59:59")))
        self.assertEqual([late], letters(self.feed.result()))

    def test_visitor_counts_once_from_the_earliest_slot(self):
        self.feed.page("m1", "23:57:30")
        self.feed.page("m1", "23:58:30")
        self.feed.page(None, "23:58:31")
        curve = self.curve(self.feed.result())
        self.assertEqual({"23:58": (1, 1), "23:59": (3, 1), "00:00": (3, 1)}, curve)

    def test_group_without_channel_is_a_dead_letter_for_each_minute(self):
        self.feed.page("m1", "23:58:30", channel=None)
        minutes = [
            identity[1] for _, _, identity in letters(self.feed.result(), codes.SINK_KEY_NULL)
        ]
        self.assertEqual(["00:00", "23:59"], minutes)

    def test_open_windows_are_not_sent(self):
        self.feed.order("end", "12:00:00")
        self.feed.detail("end", "none", "12:00:00")
        self.feed.page("m1", "23:50:30")
        self.feed.page("m2", "23:52:10")
        self.assertEqual({"23:51", "23:52"}, set(self.curve(self.feed.result(closed=False))))


if __name__ == "__main__":
    unittest.main()
