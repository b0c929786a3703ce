"""Bad input from a real topic: every record ends in the result or, with its code and place, in the
dead letters."""

import base64
import json
import unittest

from .outside import OutsideTest, shared_servers

PIPELINE = """\
version: 1
pipeline: {name}
settings: {{timezone: UTC, checkpoint: {{interval: 200ms}}}}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"}}
  report: {{type: postgres, dsn: "${{env:DSN}}"}}
sources:
  readings:
    kafka: {{connection: kafka, topic: {name}_in}}
    format: json
    columns:
      id: {{type: bigint, required: true}}
      n: int
      amount: "numeric(5,2)"
      note: text
      at: timestamptz
      k: {{type: text, meta: key}}
      place: {{type: bigint, meta: offset}}
      part: {{type: int, meta: partition}}
      stream: {{type: text, meta: topic}}
    event_time: {{column: at, out_of_order: 10s, max_ahead: 1h}}
steps:
  doubled:
    sql: |
      SELECT id, n * 2 AS n, 100 / id AS share, amount, note, at, k, place, part, stream
      FROM readings
    check: [{{name: not_negative, expr: "amount >= 0", on_fail: dead_letter}}]
sinks:
  rows: {{from: doubled, postgres: {{connection: report, table: {name}}}, mode: append}}
  copies:
    from: doubled
    kafka: {{connection: kafka, topic: {name}_out, key: [k]}}
    format: json
errors: {{dead_letter: {{kafka: {{connection: kafka, topic: {name}_dead}}}}}}
"""

TABLE = (
    "(id bigint, n int, share bigint, amount numeric(5,2), note varchar(5), at timestamptz, k text,"
    " place bigint, part int, stream text)"
)


def record(**fields):
    whole = {"id": 1, "at": "2024-01-01T00:00:00Z", **fields}
    return json.dumps(whole, ensure_ascii=False).encode()


GOOD = [record(n=4, amount=1.5, note="good")]
# What each must become, in the order of their offsets behind the good one.
BAD = [
    (b"", "E3001"),
    (b"\x00\xff\xfe", "E3001"),
    (b'{"id":1,', "E3001"),
    (b"[1]", "E3001"),
    (None, "E3001"),
    (record(id="one"), "E3002"),
    (record(id=1.5), "E3002"),
    (record(id=2**63), "E3002"),
    (record(n=2**31), "E3002"),
    (record(amount=1000), "E3002"),
    (record(amount="1e999999999"), "E3002"),
    (record(note="XX").replace(b"XX", b"\xc3("), "E3001"),
    (record(note="a\x00b"), "E3002"),
    (record(id=None), "E3003"),
    (b'{"at":"2024-01-01T00:00:00Z"}', "E3003"),
    (b'{"id":1}', "E3004"),
    (record(at="yesterday at noon"), "E3002"),
    (record(at="9999-12-31T23:59:59.999999Z"), "E3005"),
    (record(at="300000-01-01T00:00:00Z"), "E3002"),
    (record(n=2**31 - 1), "E3102"),
    (record(id=0), "E3101"),
    (record(amount=-1), "E3201"),
]
# Where in the step's SQL what fails stands: its character, from 1. A check that is not met has
# none.
POSITIONS = {"E3102": 14, "E3101": 28, "E3201": None}
TEN_MEGABYTES = record(note="x" * 10_000_000)


class BadRecords(OutsideTest):
    def setUp(self):
        servers = self.enterContext(shared_servers())
        self.prepare(servers, "bad", PIPELINE, topics=("{name}_out", "{name}_dead"))
        self.servers.create_topic(f"{self.name}_in", **{"max.message.bytes": "20000000"})
        self.servers.sql(f"CREATE TABLE {self.name} {TABLE}")

    def run_over(self, values, **record):
        self.servers.produce(f"{self.name}_in", values, **record)
        status, text = self.sluice.run_to_end()
        self.assertEqual(status, 0, text)

    def letters(self):
        """By the offset of the record that each is of; those of sinks by their step."""
        letters = [json.loads(value) for value in self.servers.read(f"{self.name}_dead")]
        return sorted(letters, key=lambda letter: (letter["offset"], letter["step"]))

    def rows(self):
        return self.servers.sql(f"SELECT id, n, share, amount::text, note FROM {self.name}")

    def test_each_is_a_letter_with_its_code_and_its_place(self):
        self.run_over(GOOD + [value for value, _ in BAD] + GOOD, key="k")
        self.assertEqual(self.rows(), [(1, 8, 100, "1.50", "good")] * 2)
        letters = self.letters()
        self.assertEqual(
            [(letter["offset"], letter["code"]) for letter in letters],
            [(offset, code) for offset, (_, code) in enumerate(BAD, start=1)],
        )
        for letter, (value, code) in zip(letters, BAD):
            self.assertEqual(
                (letter["topic"], letter["partition"], letter["pipeline"]),
                (f"{self.name}_in", 0, self.name),
            )
            self.assertTrue(letter["message"], code)
            is_of_a_step = code in ("E3102", "E3101", "E3201")
            self.assertEqual(letter["step"], "doubled" if is_of_a_step else "readings")
            if is_of_a_step:
                self.assertEqual(letter["row"]["id"], json.loads(value)["id"])
                self.assertEqual(letter["expression_position"], POSITIONS[code])
                self.assertEqual(letter["event_time"], "2024-01-01T00:00:00Z")
                self.assertIsNone(letter["watermark"])
            else:
                payload = letter["payload_base64"]
                self.assertEqual(payload and base64.b64decode(payload), value or payload and b"")

    def test_meta_columns_tell_where_a_row_is_from(self):
        self.servers.produce(f"{self.name}_in", GOOD, key="k1")
        self.run_over(GOOD)
        found = self.servers.sql(f"SELECT k, place, part, stream FROM {self.name} ORDER BY place")
        self.assertEqual(found, [("k1", 0, 0, f"{self.name}_in"), (None, 1, 0, f"{self.name}_in")])
        # The sink's key is NULL in the second: a letter of that sink, with the row.
        copies = [json.loads(value) for value in self.servers.read(f"{self.name}_out")]
        self.assertEqual([copy["place"] for copy in copies], [0])
        (letter,) = self.letters()
        self.assertEqual((letter["step"], letter["code"]), ("copies", "E3401"))
        self.assertEqual(letter["row"]["place"], 1)

    def test_what_one_target_does_not_take_is_a_letter_of_that_sink(self):
        self.run_over([record(n=1, note="longer than five")])
        self.assertEqual(self.rows(), [])
        codes = {letter["step"]: letter["code"] for letter in self.letters()}
        self.assertEqual(codes, {"rows": "E3402", "copies": "E3401"})

    def test_ten_megabytes_are_a_letter_and_nothing_stops(self):
        self.run_over(GOOD + [TEN_MEGABYTES] + GOOD, key="k")
        self.assertEqual(self.rows(), [(1, 8, 100, "1.50", "good")] * 2)
        (letter,) = self.letters()
        self.assertEqual((letter["offset"], letter["code"]), (1, "E3006"))
        self.assertIn("8388608", letter["message"])
        self.assertIn(f"the record of {len(TEN_MEGABYTES)} bytes", letter["message"])
        beginning = base64.b64decode(letter["payload_base64"])
        self.assertGreater(len(beginning), 500_000)
        self.assertTrue(TEN_MEGABYTES.startswith(beginning))

    def test_a_row_of_four_megabytes_that_a_sink_refuses_is_a_letter(self):
        value = record(n=1, note="x" * 4_000_000)
        self.run_over([value], key="k")
        letters = self.letters()
        self.assertEqual(
            [(letter["step"], letter["code"]) for letter in letters],
            [("copies", "E3402"), ("rows", "E3402")],
        )
        for letter in letters:
            self.assertTrue(letter["row"].startswith('{"id":1,"n":2,'))
            self.assertEqual(letter["offset"], 0)


if __name__ == "__main__":
    unittest.main()
