"""Each rule on small files: what must be reported, and what must not."""
import pathlib
import tempfile
import unittest

import tidy
from source import read_sources

ROOMS = """sluice_room(base LIBS x)
sluice_room(env USES base LIBS PkgConfig::fmt)
sluice_room(data USES env)
sluice_room(dataflow USES data)
sluice_room(kit USES dataflow)
sluice_room(operators USES dataflow)
"""
CONNECTORS = "sluice_connector(kafka LIBS rdkafka)\nsluice_connector(redis)\n"
# In two parts, for this file is checked too.
MARK = "TO" "DO"
HEADER = "// What it is.\n#pragma once\n"


def body(lines):
    return "void f() {\n" + "  g();\n" * (lines - 2) + "}\n"


# (file, text, rules reported with their lines)
CASES = [
    # Rooms.
    ("src/data/a.cpp", '#include "env/clock.hpp"\n#include "base/result.hpp"\n', []),
    ("src/env/a.cpp", '#include "data/a.hpp"\n', [(1, "room-include")]),
    ("src/env/a.cpp", '#include "b.hpp"\n', [(1, "room-include")]),
    ("src/garage/a.cpp", "\n", [(1, "room-include")]),
    ("src/operators/a.cpp", '#include "connectors/kafka/a.hpp"\n', [(1, "room-include")]),
    ("src/operators/a.cpp", '#include "kit/a.hpp"\n', [(1, "room-include")]),
    ("connectors/kafka/a.cpp", '#include "kit/a.hpp"\n#include "dataflow/a.hpp"\n', []),
    ("connectors/kafka/a.cpp", '#include "connectors/kafka/a.hpp"\n#include "data/a.hpp"\n', []),
    ("connectors/kafka/a.cpp", '#include "operators/a.hpp"\n', [(1, "room-include")]),
    ("connectors/kafka/a.cpp", '#include "connectors/redis/a.hpp"\n', [(1, "room-include")]),
    # Functions.
    ("src/base/a.cpp", body(70), []),
    ("src/base/a.cpp", body(71), [(1, "function-length")]),
    ("src/base/a.cpp", "namespace a {\nclass B {\n" + body(71) + "};\n}\n",
     [(3, "function-length")]),
    ("src/base/a.cpp", 'void f() {\n  g("}", \'}\', R"(}})");  // }\n' + "  g();\n" * 68 + "}\n",
     [(1, "function-length")]),
    ("src/base/a.cpp", "A::A(int a)\n    : a_{a} {\n" + "  g();\n" * 70 + "}\n",
     [(2, "function-length")]),
    ("src/base/a.cpp", "const int table[] = {\n" + "  1,\n" * 80 + "};\n", []),
    ("src/base/a.cpp", "template <class T, class U>\nvoid f(T a, U b, int c, int d) {}\n", []),
    ("src/base/a.cpp", "void f(int, int, int, int, int) {}\n", []),
    ("src/base/a.cpp", "void f(int, int, int, int, int, int) {}\n", [(1, "parameters")]),
    ("src/base/a.cpp", "void f(std::map<int, int> a, g<int, int, int, int> b) {}\n", []),
    ("src/base/a.cpp", "void f() {\n  g(1, 2, 3, 4, 5, 6);\n  if (a(1, 2, 3, 4, 5, 6)) {}\n}\n",
     []),
    # Sizes and names.
    ("src/base/a.cpp", "\n" * 400, []),
    ("src/base/a.cpp", "\n" * 401, [(1, "file-length")]),
    ("src/base/a.cpp", "// " + "é" * 97 + "\n", []),
    ("src/base/a.cpp", "// " + "é" * 98 + "\n", [(1, "width")]),
    ("tests/x/a.py", "#" * 101 + "\n", [(1, "width")]),
    ("src/base/string_util.cpp", "\n", [(1, "vague-name")]),
    ("tests/unit/common/a.cpp", "\n", [(1, "vague-name")]),
    ("src/base/commonality.cpp", "\n", []),
    # Headers.
    ("src/base/a.hpp", HEADER, []),
    ("src/base/a.hpp", "#pragma once\n", [(1, "header-comment")]),
    ("src/base/a.hpp", "// What it is.\n", [(1, "header-guard")]),
    ("src/base/a.hpp", HEADER + "#include <nlohmann/json.hpp>\n", [(3, "heavy-header")]),
    ("src/base/a.hpp", HEADER + "#include <libpq-fe.h>\n", [(3, "heavy-header")]),
    ("connectors/kafka/a.hpp", HEADER + "#include <librdkafka/rdkafka.h>\n", []),
    ("src/base/a.cpp", "#include <nlohmann/json.hpp>\n", []),
    ("src/base/a.hpp", HEADER + "#include <nlohmann/json_fwd.hpp>\n", []),
    ("src/base/a.hpp", HEADER + "using namespace std;\n", [(3, "using-namespace")]),
    # Words.
    ("src/base/a.cpp", f"// {MARK} later\n", [(1, "todo")]),
    ("src/base/a.cpp", f"// {MARK}: spill to disk when the state outgrows the budget\n", []),
    ("src/base/a.cpp", "std::regex r;\n", [(1, "regex")]),
    ("src/base/a.cpp", "// std::regex is slow\n", []),
    ("src/data/a.cpp", "std::chrono::steady_clock::now();\n", [(1, "clock")]),
    ("connectors/kafka/a.cpp", "std::chrono::system_clock::now();\n", [(1, "clock")]),
    ("connectors/kafka/a.cpp", "std::chrono::steady_clock::now();\n", []),
    ("src/data/a.cpp", "int64_t event_time(int64_t t);\n", []),
    ("src/env/a.cpp", "std::chrono::steady_clock::now();\n", []),
    ("tests/unit/a.cpp", "std::this_thread::sleep_for(d);\n  ::sleep(1);\n",
     [(1, "sleep"), (2, "sleep")]),
    ("src/base/a.cpp", "void Worker::sleep() {}\n", []),
    ("tests/unit/a.cpp", "TEST(A, DISABLED_B) {}\nGTEST_SKIP();\n",
     [(1, "skipped-test"), (2, "skipped-test")]),
    ("tests/unit/a.cpp", 'GTEST_SKIP() << "needs root";\n', []),
    ("src/base/a.cpp", "// see https:" "//registry.invalid/x\n", [(1, "host")]),
    ("src/base/a.cpp", 'f("http://127.0.0.1:80/x", "http://localhost/");\n', []),
]


def problems_of(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = pathlib.Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tidy.find_problems(read_sources(pathlib.Path(folder)))


class TidyTest(unittest.TestCase):
    def test_each_case_reports_exactly_its_problems(self):
        for path, text, expected in CASES:
            with self.subTest(path=path, text=text[:80]):
                found = problems_of({"src/CMakeLists.txt": ROOMS,
                                     "connectors/CMakeLists.txt": CONNECTORS, path: text})
                self.assertEqual([(problem.line, problem.rule) for problem in found], expected)

    def test_errors_that_no_test_meets_are_reported(self):
        catalogue = "".join(f'SLUICE_ERROR({code}, {name}, user, "t", "a")\n'
                            for code, name in ((1001, "one"), (1002, "two"), (1003, "three")))
        found = problems_of({"src/base/error_catalogue.def": catalogue,
                             "tests/tidy/a.py": "# E1003\n",
                             "tests/unit/a.cpp": "f(ErrorCode::one, E10022, ErrorCode::threes);\n",
                             "tests/cli/a.py": "'E1002'\n"})
        self.assertEqual([(problem.line, problem.rule) for problem in found],
                         [(3, "untested-code")])

    def test_files_that_are_not_text_are_left_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "tests" / "broken.txt"
            path.parent.mkdir()
            path.write_bytes(b"\xff\xfe")
            self.assertEqual(read_sources(pathlib.Path(folder)), [])

    def test_ratchet_tolerates_its_count_and_no_more(self):
        two = problems_of({"tests/a.cpp": f"// {MARK}\n// {MARK}\n"})
        self.assertEqual(tidy.apply_ratchet(two, "# comment\ntodo tests/a.cpp 2\n"), [])
        self.assertEqual(tidy.apply_ratchet(two, "todo tests/a.cpp 1\n"), two)

    def test_ratchet_that_tolerates_too_much_is_a_problem(self):
        one = problems_of({"tests/a.cpp": f"// {MARK}\n"})
        found = tidy.apply_ratchet(one, "todo tests/a.cpp 2\ntodo tests/gone.cpp 1\n")
        self.assertEqual([(problem.line, problem.rule) for problem in found],
                         [(1, "ratchet"), (2, "ratchet")])


if __name__ == "__main__":
    unittest.main(verbosity=2)
