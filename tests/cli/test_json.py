"""`--json`: one envelope of one shape from every verb, also when the file or the call is wrong."""

import json
import pathlib
import tempfile
import unittest

from support.command import run_sluice

PIPELINE = """version: 1
pipeline: copies
connections: {disk: {type: file, path: .}}
sources: {rows: {file: {connection: disk, path: rows.jsonl}, format: json, columns: {id: int}}}
sinks: {out: {from: rows, file: {connection: disk, path: out.jsonl}, format: json}}
errors: {on_error: fail}
tests:
  - {name: copied, given: {rows: [{id: 1}]}, expect: {out: [{id: 1}]}}
  - {name: changed, given: {rows: [{id: 1}]}, expect: {out: [{id: 2}]}}
"""
MEMBERS = {"command", "ok", "summary", "result", "error"}
ERROR_MEMBERS = {"code", "message", "advice", "place", "diagnostics"}


class Json(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.work / "right.yaml").write_text(PIPELINE, encoding="utf-8")
        wrong = PIPELINE.replace("from: rows", "from: row")
        (self.work / "wrong.yaml").write_text(wrong, encoding="utf-8")
        (self.work / "rows.jsonl").write_text('{"id": 1}\n', encoding="utf-8")

    def envelope(self, *arguments, status=0):
        """What a call says, which is one envelope and on standard output nothing else."""
        code, text, problems = run_sluice(*arguments, "--json", cwd=self.work)
        self.assertEqual(code, status, text + problems)
        answer = json.loads(text)
        self.assertEqual(set(answer), MEMBERS)
        self.assertEqual(answer["command"], arguments[0])
        self.assertEqual(answer["ok"], status == 0)
        if status == 0:
            self.assertIsNone(answer["error"])
        else:
            self.assertEqual(set(answer["error"]), ERROR_MEMBERS)
            self.assertEqual(answer["error"]["message"], answer["summary"])
        return answer

    def test_of_a_right_file(self):
        for call in (
            ("validate", "right.yaml"),
            ("graph", "right.yaml"),
            ("run", "right.yaml"),
            ("test", "right.yaml", "-k", "copied"),
            ("list", "errors"),
            ("explain", "E2104"),
        ):
            with self.subTest(call):
                self.envelope(*call)

    def test_of_a_wrong_file(self):
        for verb in ("validate", "graph", "run", "test"):
            with self.subTest(verb):
                error = self.envelope(verb, "wrong.yaml", status=2)["error"]
                self.assertEqual(error["code"], "E1306")
                self.assertEqual(error["message"], "1 error, 0 warnings")
                (problem,) = error["diagnostics"]
                self.assertEqual((problem["file"], problem["line"]), ("wrong.yaml", 5))
                self.assertEqual(problem["code"], "E1306")

    def test_of_a_wrong_configuration_of_the_service(self):
        (self.work / "pipelines").mkdir()
        (self.work / "sluice.yaml").write_text("state: here\n", encoding="utf-8")
        call = ("serve", "pipelines", "--config", "sluice.yaml")
        error = self.envelope(*call, status=2)["error"]
        self.assertEqual([each["code"] for each in error["diagnostics"]], ["E1302"])

    def test_of_a_service_without_pipelines(self):
        (self.work / "empty").mkdir()
        for folder in ("empty", "missing"):
            with self.subTest(folder):
                error = self.envelope("serve", folder, status=2)["error"]
                self.assertEqual((error["code"], error["diagnostics"]), ("E1311", []))
                self.assertIn(folder, error["message"])

    def test_of_failed_tests(self):
        answer = self.envelope("test", "right.yaml", status=1)
        self.assertEqual(answer["error"]["message"], "1 passed, 1 failed")
        self.assertIsNone(answer["error"]["code"])
        self.assertEqual([each["passed"] for each in answer["result"]], [True, False])

    def test_of_a_failed_run_has_the_place_in_the_data(self):
        (self.work / "rows.jsonl").write_text('{"id": 1}\n{"id": "x"}\n', encoding="utf-8")
        error = self.envelope("run", "right.yaml", status=1)["error"]
        self.assertEqual(error["code"], "E3002")
        self.assertEqual(
            error["place"],
            {"step": "rows", "topic": "rows.jsonl", "partition": 0, "offset": 10, "row": None},
        )

    def test_of_a_wrong_call(self):
        for call in (
            ("run",),
            ("run", "right.yaml", "--parallel", "2"),
            ("list", "sauces"),
            ("explain", "E0"),
            ("frobnicate",),
        ):
            with self.subTest(call):
                self.assertEqual(self.envelope(*call, status=2)["error"]["diagnostics"], [])


class Usage(unittest.TestCase):
    def refused(self, *arguments):
        status, text, said = run_sluice(*arguments)
        self.assertEqual((status, text), (2, ""), said)
        return said

    def test_an_unknown_verb_is_named_with_the_one_that_was_meant(self):
        said = self.refused("validat", "a.yaml")
        self.assertEqual(
            said, 'error E1201 there is no verb "validat" (did you mean "validate"?)\n'
        )
        self.assertIn('"frobnicate" (`sluice --help` lists the verbs)', self.refused("frobnicate"))

    def test_no_verb_at_all(self):
        self.assertIn("E1201 no verb is given", self.refused())

    def test_a_missing_argument_is_named_with_where_to_read(self):
        said = self.refused("graph")
        self.assertIn("error E1201 file is required (`sluice graph --help`", said)


if __name__ == "__main__":
    unittest.main()
