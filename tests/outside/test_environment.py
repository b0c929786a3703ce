"""`sluice validate --env` against real servers: every problem, with its place, in one run."""

import unittest

from .outside import OutsideTest, own_servers, shared_servers, unique_name

PIPELINE = """\
version: 1
pipeline: {name}
connections:
  kafka: {{type: kafka, brokers: "${{env:BROKERS}}"{properties}}}
  report: {{type: postgres, dsn: "${{env:DSN}}"{user}}}
  cache: {{type: redis, url: "${{env:REDIS}}"}}
{second}sources:
  orders:
    kafka: {{connection: kafka, topic: {source}{start}}}
    format: json
    columns: {{id: bigint, city: text, amount: "numeric(16,2)", note: text}}
lookups:
  dim:
    postgres: {{connection: report, table: {dim}, key: [{dim_key}]}}
    columns: {{{dim_column}: text}}
steps:
  named:
    sql: |
      SELECT o.id, o.amount, o.note, d.{dim_column} AS city_name
      FROM orders o LEFT JOIN LATERAL lookup('dim', o.city) d ON true
  sums: {{sql: "SELECT city, sum(amount) AS total FROM orders GROUP BY city"}}
sinks:
  out:
    from: named
    kafka: {{connection: kafka, topic: {out}{record}}}
    format: json
  rows: {{from: named, postgres: {{connection: {rows_on}, table: {table}}}, mode: append}}
  totals:
    from: sums
    postgres: {{connection: report, table: {totals}, key: [city]}}
    mode: upsert
  cached: {{from: named, redis: {{connection: cache, key: "{name}:{{id}}"}}, mode: append}}
errors: {{dead_letter: {{kafka: {{connection: kafka, topic: {dead}}}}}}}
"""


class ValidateEnvironment(OutsideTest):
    @classmethod
    def setUpClass(cls):
        cls.servers = cls.enterClassContext(shared_servers())

    def setUp(self):
        self.sluice = self.make_sluice(self.servers.variables())
        # A user whose name is a schema makes tables there: others would not find them.
        self.names = {name: unique_name(name) for name in ("name", "source", "out", "dead")}
        self.names |= {name: "public." + unique_name(name) for name in ("dim", "table", "totals")}
        self.names |= {"start": "", "record": "", "second": "", "rows_on": "report"}
        self.names |= {"properties": "", "user": "", "dim_key": "id", "dim_column": "name"}

    def create(self, *names, database=None):
        topics = {"source", "out", "dead"}
        tables = {
            "dim": "(id text PRIMARY KEY, name text)",
            "table": "(id bigint, amount numeric, note text, city_name text)",
            "totals": "(city text PRIMARY KEY, total numeric)",
        }
        for name in names:
            if name in topics:
                self.servers.create_topic(self.names[name])
            else:
                table = f"CREATE TABLE {self.names[name]} {tables[name]}"
                self.servers.sql(table, database=database)

    def create_all_but(self, *names):
        everything = ("source", "out", "dead", "dim", "table", "totals")
        self.create(*(name for name in everything if name not in names))

    def problems(self):
        """(exit status, ["LINE:COLUMN  SEVERITY CODE MESSAGE"]) of `validate --env`."""
        self.sluice.write(PIPELINE.format(**self.names))
        status, text = self.sluice.run("validate", "--env", "pipeline.yaml")
        self.assertGreaterEqual(status, 0, text)
        return status, [
            line.removeprefix("pipeline.yaml:")
            for line in text.splitlines()
            if line.startswith("pipeline.yaml:")
        ]

    def place(self, text):
        """LINE:COLUMN of the first such text of the file."""
        text = text.format(**self.names)
        for number, line in enumerate(PIPELINE.format(**self.names).splitlines(), start=1):
            if text in line:
                return f"{number}:{line.index(text) + 1}"
        raise AssertionError(f"the file has no {text}")

    def lines(self, *problems):
        return [
            f"{self.place(place)}  {message.format(**self.names)}" for place, message in problems
        ]

    def expect(self, *problems, status=3):
        """Problems as (the text they point at, what they say)."""
        self.assertEqual(self.problems(), (status, self.lines(*problems)))

    def test_what_fits_has_no_problem(self):
        self.create_all_but()
        self.expect(status=0)

    def test_everything_that_is_missing_is_named_in_one_run(self):
        topic = "Broker: Unknown topic or partition; create the topic or correct its name"
        table = "does not exist; create it or correct its name"
        self.expect(
            ("{source}", "error E4101 topic {source}: " + topic),
            ("{dim}", "error E4201 table {dim} " + table),
            ("{out}", "error E4101 topic {out}: " + topic),
            ("{table}", "error E4201 table {table} " + table),
            ("{totals}", "error E4201 table {totals} " + table),
            ("{dead}", "error E4101 topic {dead}: " + topic),
        )

    def test_two_connections_to_one_database(self):
        self.create_all_but()
        self.names["second"] = '  other: {type: postgres, dsn: "${env:DSN}"}\n'
        self.names["rows_on"] = "other"
        status, (said,) = self.problems()
        self.assertEqual(status, 2)
        self.assertRegex(
            said,
            r"^5:3  error E1308 connections other and report lead to the same system, "
            r"postgres:\d+/\w+; let all sinks there use one connection$",
        )

    def test_columns_that_the_table_lacks_or_must_have(self):
        self.create_all_but("table")
        self.servers.sql(
            f"CREATE TABLE {self.names['table']} (id bigint, note int, must int NOT NULL,"
            " filled int NOT NULL DEFAULT 1, city_name text)"
        )
        column = 'error E4202 column "{{}}" of table {table} is '
        self.expect(
            ("{table}", 'error E4202 table {table} has no column "amount"'),
            ("{table}", column.replace("{{}}", "note") + "of type integer, the sink writes text"),
            ("{table}", column.replace("{{}}", "must") + "NOT NULL and the sink does not write it"),
        )

    def test_a_key_that_the_table_does_not_have(self):
        self.create_all_but("totals")
        self.servers.sql(f"CREATE TABLE {self.names['totals']} (city text, total numeric)")
        problem = "has no primary key or unique constraint on these columns"
        self.expect(("[city]", "error E4202 table {totals} " + problem))

    def test_a_key_that_the_table_would_merge(self):
        self.create_all_but("totals")
        self.servers.sql(
            f"CREATE TABLE {self.names['totals']} (city char(4) PRIMARY KEY, total numeric)"
        )
        message = (
            'error E4202 key column "city" of table {totals} is of type character(4), which can'
            " make one key of several that the sink writes as text; declare it text or varchar,"
            " with a deterministic collation"
        )
        self.expect(("[city]", message))

    def test_a_database_that_does_not_know_every_character(self):
        database = unique_name("latin")
        self.servers.sql(
            f"CREATE DATABASE {database} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"
            " TEMPLATE template0"
        )
        self.addCleanup(self.servers.sql, f"DROP DATABASE {database} WITH (FORCE)")
        self.create("source", "out", "dead")
        self.create("dim", "table", "totals", database=database)
        self.sluice.variables["DSN"] += f" dbname={database}"
        message = (
            "warning E4404 the database's encoding LATIN1 does not know every character: it will"
            " refuse rows with others; use a database with encoding UTF8"
        )
        self.expect(("{table}", message), ("{totals}", message), status=0)

    def test_a_lookup_without_its_column_or_key(self):
        self.create_all_but("dim")
        self.servers.sql(f"CREATE TABLE {self.names['dim']} (id text, other text)")
        problem = "has no primary key or unique constraint on these columns"
        self.expect(
            ("{dim}", 'error E4202 table {dim} has no column "name"'),
            ("[id]", "warning E4202 table {dim} " + problem),
        )

    def test_rights_that_are_missing(self):
        self.create_all_but()
        user = unique_name("user")
        self.servers.sql(f"CREATE ROLE {user} LOGIN PASSWORD 'x'")
        self.servers.sql(f"GRANT SELECT ON {self.names['totals']} TO {user}")
        self.sluice.variables["DSN"] = f"{self.servers.environment['PG_DSN']} user={user}"
        self.names["user"] = ", password: x"
        status, found = self.problems()
        self.assertEqual(status, 3)
        self.assertEqual(
            [line for line in found if "sluice.progress" not in line],
            self.lines(
                ("{dim}", "error E4202 the user may not SELECT from table {dim}"),
                ("{table}", "error E4202 the user may not INSERT into table {table}"),
                ("{totals}", "error E4202 the user may not INSERT into table {totals}"),
                (
                    "{totals}",
                    "error E4202 mode upsert needs the rights SELECT, UPDATE and DELETE on table"
                    " {totals}",
                ),
            ),
        )

    def test_a_transaction_longer_than_the_brokers_allow(self):
        self.create_all_but()
        self.names["properties"] = ", properties: {transaction.timeout.ms: 900001}"
        problem = (
            "error E4404 the brokers allow transactions of 900000 ms, 900001 are needed;"
            " raise transaction.max.timeout.ms of the brokers"
        )
        self.expect(("{out}", problem), ("{dead}", problem))

    def test_partitions_and_offsets_that_the_source_does_not_have(self):
        self.create_all_but()
        self.servers.produce(self.names["source"], ["{}", "{}"], partition=0)
        self.names["start"] = ", start: {offsets: {0: 2, 7: 3}}"
        missing = (
            "error E4102 topic {source} has no partition 7, which start.offsets names; it has 1,"
            " counted from 0; correct start.offsets"
        )
        self.expect(("{{offsets", missing))
        self.names["start"] = ", start: {offsets: {0: 3}}"
        wanted = "E4102 topic {source} partition 0: offset 3 is wanted, 0 to 2 are kept; "
        advice = "set on_out_of_range to earliest or latest to go on without the missing records"
        self.expect(("{{offsets", "error " + wanted + advice))
        self.names["start"] += ", on_out_of_range: latest"
        advice = "on_out_of_range starts at the latest instead"
        self.expect(("{{offsets", "warning " + wanted + advice), status=0)

    def test_records_larger_than_the_topic_takes(self):
        self.create_all_but("out")
        self.servers.create_topic(self.names["out"], **{"max.message.bytes": "60000"})
        message = (
            "warning E4404 topic {out} takes messages of 60000 bytes, max_record_bytes is {bytes};"
            " lower max_record_bytes, or raise the topic's max.message.bytes"
        )
        self.expect(("{out}", message.replace("{bytes}", "1000000")), status=0)
        self.names["record"] = ", max_record_bytes: 61kB"
        self.expect(("61kB", message.replace("{bytes}", "61000")), status=0)
        self.names["record"] = ", max_record_bytes: 60kB"
        self.expect(status=0)

    def test_a_wrong_password(self):
        self.create_all_but()
        self.names["user"] = ", password: wrong"
        self.sluice.variables["DSN"] = self.servers.environment["PG_DSN"]
        status, found = self.problems()
        self.assertEqual(status, 3)
        self.assertEqual(
            [line.split(" PostgreSQL: ")[0] for line in found],
            [f"{self.place(place)}  error E4002" for place in ("{dim}", "{table}", "{totals}")],
        )
        self.assertIn("authentication failed", found[0])


class ServersOfTheirOwn(OutsideTest):
    def test_a_redis_that_may_evict_and_servers_that_are_away(self):
        servers = self.enterContext(own_servers("redis"))
        servers.redis().config_set("maxmemory-policy", "allkeys-lru")
        sluice = self.make_sluice(servers.variables())
        sluice.write(
            """\
version: 1
pipeline: evicted
connections:
  disk: {type: file, path: "${env:WORK}"}
  cache: {type: redis, url: "${env:REDIS}"}
sources:
  orders: {file: {connection: disk, path: orders.jsonl}, format: json, columns: {id: text, n: int}}
sinks:
  cached: {from: orders, redis: {connection: cache, key: "evicted:{id}"}, mode: append}
errors: {on_error: fail}
"""
        )
        sluice.write("", "orders.jsonl")
        message = "Redis has maxmemory-policy allkeys-lru, which may evict the marker"
        status, text = sluice.run("validate", "--env", "pipeline.yaml")
        self.assertEqual(status, 3)
        self.assertIn(f"pipeline.yaml:9:58  error E4404 {message}", text)
        status, text = sluice.run("run", "pipeline.yaml")
        self.assertEqual(status, 3)
        self.assertIn(f"E4404 {message}", text)
        servers.dev("kill", "redis")
        status, text = sluice.run("validate", "--env", "pipeline.yaml")
        self.assertEqual(status, 3)
        self.assertIn("pipeline.yaml:9:58  error E4001 Redis: Connection refused", text)


if __name__ == "__main__":
    unittest.main()
