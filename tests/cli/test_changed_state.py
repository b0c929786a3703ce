"""A file that was edited over saved state: what `validate --state-dir` and the next start say."""

import json
import pathlib
import tempfile
import unittest

from support.command import run_sluice

PIPELINE = """version: 1
pipeline: shops
connections: {disk: {type: file, path: data}}
sources:
  sale:
    file: {connection: disk, path: sales.jsonl}
    format: json
    columns: {shop: text, amount: {type: int, path: $.amount}}
steps:
  total: {sql: "SELECT shop, sum(amount) AS amount FROM sale GROUP BY shop"}
sinks:
  totals:
    from: total
    mode: upsert
    file: {connection: disk, path: totals.jsonl, key: [shop]}
    format: json
errors: {on_error: fail}
"""
COUNTED = '  counted: {sql: "SELECT shop, count(*) AS c FROM sale GROUP BY shop"}\nsinks:\n'
COUNTS = """  counts:
    from: counted
    mode: upsert
    file: {connection: disk, path: counts.jsonl, key: [shop]}
    format: json
errors:"""


class ChangedState(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.work / "data").mkdir()
        row = json.dumps({"shop": "a", "amount": 1, "price": 5})
        (self.work / "data/sales.jsonl").write_text(row + "\n", encoding="utf-8")
        self.edit()
        self.assertEqual(self.run_pipeline()[0], 0)

    def edit(self, *changes):
        text = PIPELINE
        for before, after in changes:
            self.assertIn(before, text)
            text = text.replace(before, after)
        (self.work / "shops.yaml").write_text(text, encoding="utf-8")

    def run_pipeline(self):
        return run_sluice("run", "shops.yaml", "--until", "now", cwd=self.work)

    def validate(self, *flags):
        return run_sluice("validate", "shops.yaml", "--state-dir", "state", *flags, cwd=self.work)

    def expect_warnings(self, validated, *warnings):
        """Each is in what `validate` said, and the next start logs it; under its own code."""
        status, _, started = self.run_pipeline()
        self.assertEqual(status, 0, started)
        for code, text in warnings:
            self.assertRegex(validated, f"warning.*{code}.*{text}")
            self.assertRegex(started, f'{text}.*"code":"{code}","advice":"')

    def effects(self, status):
        code, text, problems = self.validate("--json")
        self.assertEqual(code, status, text + problems)
        (file,) = json.loads(text)["result"]
        state = file["state"]
        self.assertEqual(state["folder"], "state/sluice.shops")
        self.assertGreater(state["checkpoint"], 0)
        effects = [(each["effect"], each["subject"], each["name"]) for each in state["effects"]]
        return effects, file["diagnostics"]

    def test_nothing_changed(self):
        effects, problems = self.effects(0)
        self.assertEqual(effects, [("kept", "state", "total/group_aggregate")])
        self.assertEqual(problems, [])

    def test_what_would_be_refused_names_the_column_and_its_place(self):
        self.edit(("$.amount", "$.price"))
        effects, (problem,) = self.effects(3)
        self.assertEqual(effects, [("refused", "state", "total/group_aggregate")])
        self.assertEqual(problem["code"], "E5004")
        self.assertEqual(problem["path"], "steps.total")
        difference = "column sale.amount: integer from $.amount is now integer from $.price"
        self.assertIn(difference, problem["message"])
        status, _, said = self.run_pipeline()
        self.assertEqual(status, 3)
        self.assertIn(difference, said)

    def test_what_begins_empty_and_what_is_sent_from_now_are_warned_of(self):
        self.edit(("sinks:\n", COUNTED), ("errors:", COUNTS), ("totals.jsonl", "sums.jsonl"))
        status, text, said = self.validate()
        self.assertEqual(status, 0, said)
        self.assertIn("kept          state total/group_aggregate", text)
        self.assertIn("begins_empty  state counted/group_aggregate", text)
        self.assertIn("sent_from_now sink counts", text)
        self.assertEqual(self.validate("--strict")[0], 3)
        self.expect_warnings(
            said,
            ("E5007", "counted/group_aggregate begins empty"),
            ("E5008", "sink counts is new"),
            ("E5008", "file sums.jsonl of disk now, not to file totals"),
        )

    def test_a_folder_that_holds_nothing(self):
        code, text, _ = self.validate("--namespace", "other")
        self.assertEqual(code, 0)
        self.assertIn("state/other.shops holds no checkpoint", text)

    def test_a_damaged_manifest(self):
        for manifest in (self.work / "state/sluice.shops").glob("MANIFEST-*"):
            manifest.write_bytes(b"damaged")
        for verb in (self.validate, self.run_pipeline):
            code, _, said = verb()
            self.assertEqual(code, 3)
            self.assertRegex(said, "error E5002 .*is damaged.*Or start afresh")


if __name__ == "__main__":
    unittest.main()
