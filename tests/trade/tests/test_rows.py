"""Decoding, a source's demands, deduplication, joins and counts: README.md, the other parts."""

import decimal
import json
import unittest

from .. import codes, records
from .cases import Feed, letters


class Decoding(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()

    def test_record_that_is_no_document_is_bad_for_every_source_of_its_topic(self):
        bodies = (
            None,
            b"",
            b"{",
            b"[1]",
            b"42",
            b"\xff\xfe",
            b'{"user":"\xc3\x28"}',
            b'{"data":[]}',
        )
        for body in bodies:
            self.feed.raw(records.ORDERS, body, "10:00:00")
        for source in ("ods_order", "ods_order_state"):
            for offset in range(len(bodies)):
                letter = (codes.UNREADABLE, source, (records.ORDERS, 0, offset))
                self.assertIn(letter, letters(self.feed.result()))

    def test_invalid_utf8_in_an_unused_field_makes_the_document_bad(self):
        self.feed.raw(records.PAGES, b'{"x":"\xff","common":{},"ts":1767225600000}', "08:00:00")
        self.assertEqual(1, len(letters(self.feed.result(), codes.UNREADABLE)))

    def test_ddl_is_skipped(self):
        self.feed.raw(records.ORDERS, b'{"data":null,"isDdl":true,"type":"ALTER"}', "10:00:00")
        self.assertEqual([], letters(self.feed.result()))

    def test_bad_column_leaves_the_other_rows_of_its_message(self):
        self.feed.order("o1", "10:00:00")
        rows = [
            {
                "id": f"d{n}",
                "order_id": "o1",
                "sku_num": number,
                "create_time": "2026-01-01 10:00:00",
            }
            for n, number in enumerate(("1", "x", "3"))
        ]
        self.feed.canal(records.DETAILS, "INSERT", rows, "10:00:00")
        expected = self.feed.result()
        self.assertEqual({"d0", "d2"}, set(expected.dwd))
        self.assertEqual(
            [(codes.BAD_COLUMN, "ods_order_detail", (records.DETAILS, 0, 0))], letters(expected)
        )

    def test_columns_refuse_what_postgresql_refuses(self):
        self.feed.order("o1", "10:00:00")
        bad = (
            {"sku_num": "2147483648"},
            {"sku_num": "1.5"},
            {"split_total_amount": "100000000000000.00"},
            {"split_total_amount": "99999999999999.995"},
            {"create_time": "2026-02-30 00:00:00"},
            {"create_time": "2026-01-01 24:00:00"},
        )
        for n, change in enumerate(bad):
            self.feed.detail(f"d{n}", "o1", "10:00:00", **change)
        self.feed.detail("good", "o1", "10:00:00", split_total_amount="99999999999999.994")
        expected = self.feed.result()
        self.assertEqual({"good"}, set(expected.dwd))
        self.assertEqual(len(bad), len(letters(expected, codes.BAD_COLUMN)))

    def test_amounts_are_rounded_half_away_from_zero(self):
        self.feed.order("o1", "10:00:00")
        self.feed.detail("d1", "o1", "10:00:00", split_total_amount="10.005")
        self.feed.detail("d2", "o1", "10:00:00", split_total_amount="7")
        rows = self.feed.result().dwd
        self.assertEqual("10.01", str(rows["d1"]["amount"]))
        self.assertEqual("7.00", str(rows["d2"]["amount"]))

    def test_page_times(self):
        cases = (("abc", codes.BAD_COLUMN), ({}, codes.BAD_COLUMN), (2**63 - 1, codes.BAD_COLUMN))
        cases += ((None, codes.NO_EVENT_TIME), (253370736000000, codes.TIME_AHEAD))
        for value, code in cases:
            feed = Feed()
            feed.page("m1", "10:00:00", ts=value)
            self.assertEqual(
                [(code, "ods_page_log", (records.PAGES, 0, 0))], letters(feed.result())
            )


class SourceDemands(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()

    def test_time_exactly_max_ahead_is_good_and_a_microsecond_more_is_not(self):
        self.feed.order("o1", "11:00:00", kafka="10:00:00")
        self.feed.order("o2", "11:00:00.000001", kafka="10:00:00")
        for name in ("o1", "o2"):
            self.feed.detail(f"d-{name}", name, "11:00:00.000001")
        expected = self.feed.result()
        self.assertEqual({"d-o1"}, set(expected.dwd))
        self.assertEqual(
            [(codes.TIME_AHEAD, "ods_order", (records.ORDERS, 0, 1))], letters(expected)
        )
        self.assertEqual({"1001": 2}, dict(expected.order_status))

    def test_detail_without_id_or_time(self):
        self.feed.detail(None, "o1", "10:00:00")
        self.feed.detail("d2", "o1", "10:00:00", create_time=None)
        found = [letter[0] for letter in letters(self.feed.result())]
        self.assertEqual([codes.MISSING_KEY, codes.NO_EVENT_TIME], found)

    def test_first_row_of_a_key_wins(self):
        self.feed.order("o1", "10:00:00")
        self.feed.detail("d1", "o1", "10:00:00", split_total_amount="1.00")
        self.feed.detail("d1", "o1", "10:00:00", split_total_amount="2.00")
        self.assertEqual(decimal.Decimal("1.00"), self.feed.result().dwd["d1"]["amount"])

    def test_updates_and_deletes_are_no_rows_of_an_insert_source(self):
        self.feed.order("o1", "10:00:00", operation="UPDATE")
        self.feed.detail("d1", "o1", "10:00:00")
        self.assertEqual({}, self.feed.result().dwd)

    def test_rows_further_apart_than_the_ttl_are_not_recomputed(self):
        self.feed.order("o1", "10:00:00")
        self.feed.order("o2", "10:00:00", create_time="2026-01-02 12:00:01", kafka=1767400000000000)
        with self.assertRaisesRegex(ValueError, "TTL"):
            self.feed.result()


class OrderStatus(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()
        self.change("INSERT", "1001", "10:00:00")

    def change(self, operation, status, updated):
        self.feed.order(
            "o1",
            "10:00:00",
            operation=operation,
            order_status=status,
            update_time="2026-01-01 " + updated,
        )

    def assert_counts(self, counts):
        self.assertEqual(counts, dict(self.feed.result().order_status))

    def test_update_moves_the_order_and_empties_its_old_group(self):
        self.change("UPDATE", "1002", "10:00:05")
        self.assert_counts({"1002": 1})

    def test_older_image_is_dropped(self):
        self.change("UPDATE", "1002", "10:00:05")
        self.change("INSERT", "1001", "10:00:00")
        self.assert_counts({"1002": 1})

    def test_equal_image_changes_nothing(self):
        self.change("UPDATE", "1001", "10:00:00")
        self.assert_counts({"1001": 1})

    def test_other_image_of_the_same_version_replaces(self):
        self.change("UPDATE", "1002", "10:00:00")
        self.assert_counts({"1002": 1})

    def test_delete_takes_the_order_away(self):
        self.change("DELETE", "1001", "10:00:00")
        self.assert_counts({})

    def test_image_from_before_the_delete_does_not_return(self):
        self.change("DELETE", "1001", "10:00:05")
        self.change("UPDATE", "1002", "10:00:05")
        self.change("INSERT", "1001", "10:00:00")
        self.assert_counts({})

    def test_newer_image_after_the_delete_starts_anew(self):
        self.change("DELETE", "1001", "10:00:05")
        self.change("INSERT", "1003", "10:00:06")
        self.assert_counts({"1003": 1})

    def test_delete_before_the_insert_wins(self):
        feed = Feed()
        feed.order("o2", "10:00:00", operation="DELETE")
        feed.order("o2", "10:00:00")
        self.assertEqual({}, dict(feed.result().order_status))

    def test_delete_older_than_the_image_is_dropped(self):
        self.change("UPDATE", "1002", "10:00:05")
        self.change("DELETE", "1001", "10:00:00")
        self.assert_counts({"1002": 1})


class Rows(unittest.TestCase):
    def setUp(self):
        self.feed = Feed()

    def test_dwd_row_has_all_columns(self):
        self.feed.order("o1", "10:00:00", user_id='a"b')
        self.feed.detail("d1", "o1", "10:00:01.5")
        row = dict(self.feed.result().dwd["d1"], amount="10.00")
        wanted = {"detail_id": "d1", "order_id": "o1", "sku_id": "s1", "user_id": 'a"b'}
        wanted |= {"province_id": "1", "province_name": "Beijing", "sku_num": 1}
        wanted |= {"amount": "10.00", "create_time": "2026-01-01T02:00:01.5Z"}
        self.assertEqual(wanted, json.loads(json.dumps(row)))

    def test_lookup_miss_is_null_and_its_window_is_still_a_row(self):
        self.feed.order("o1", "10:00:00", province_id="77")
        self.feed.detail("d1", "o1", "10:00:00")
        (row,) = self.feed.result().gmv.values()
        self.assertEqual((None, 1, decimal.Decimal("10.00")), row)

    def test_check_refuses_negative_amounts_and_lets_null_pass(self):
        self.feed.order("o1", "10:00:00")
        self.feed.detail("d1", "o1", "10:00:00", split_total_amount="-0.01")
        self.feed.detail("d2", "o1", "10:00:00", split_total_amount=None)
        expected = self.feed.result()
        self.assertEqual({"d2"}, set(expected.dwd))
        self.assertEqual([(codes.CHECK_FAILED, "dwd_order_detail", "d1")], letters(expected))
        self.assertEqual([("Beijing", 1, None)], list(expected.gmv.values()))

    def test_check_does_not_see_rows_that_join_nothing(self):
        self.feed.detail("d1", "o1", "10:00:00", split_total_amount="-5")
        self.assertEqual([], letters(self.feed.result()))

    def test_a_text_with_nul_is_a_bad_column(self):
        self.feed.order("o1", "10:00:00", user_id="a\0b")
        self.feed.detail("d1", "o1", "10:00:01")
        expected = self.feed.result()
        self.assertEqual([codes.BAD_COLUMN], [letter[0] for letter in letters(expected)])
        self.assertEqual({}, expected.dwd)

    def test_rows_that_the_table_refuses(self):
        wanted = (
            (None, codes.SINK_KEY_NULL),
            ("99", codes.SINK_REFUSED),
        )
        for province, code in wanted:
            feed = Feed()
            feed.order("o1", "10:00:00", province_id=province)
            feed.detail("d1", "o1", "10:00:00")
            feed.detail("d2", "o1", "10:00:01")
            expected = feed.result()
            self.assertEqual([code], [letter[0] for letter in letters(expected)])
            self.assertEqual({"d1", "d2"}, set(expected.dwd))
            self.assertEqual({}, expected.gmv)

    def test_province_is_a_row_where_no_trigger_refuses_it(self):
        self.feed.order("o1", "10:00:00", province_id="99")
        self.feed.detail("d1", "o1", "10:00:00")
        self.assertEqual(1, len(self.feed.result(refused_province=None).gmv))


if __name__ == "__main__":
    unittest.main()
