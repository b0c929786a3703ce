"""Runs ./dev up, kill, down and hold on folders of its own. Argument: the project's root."""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(sys.argv.pop())
DEV = str(ROOT / "dev")


def dev(*arguments):
    return subprocess.run([DEV, *arguments], text=True, capture_output=True,
                          stdin=subprocess.DEVNULL)


def environment(folder):
    lines = (pathlib.Path(folder) / "env").read_text().splitlines()
    return dict(line.removeprefix("export ").replace("'", "").split("=", 1) for line in lines)


def listens(address):
    host, port = address.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def await_condition(condition, what):
    deadline = time.monotonic() + 20
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within 20 s: {what}")
        time.sleep(0.02)


class VerbsTest(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        # A folder that only its owner may enter, as below /root.
        self.folder = os.path.join(self.temporary.name, "servers")
        self.addCleanup(lambda: dev("down", "--wipe", "--dir", self.folder))

    def up(self, *names):
        done = dev("up", "--dir", self.folder, *names)
        self.assertEqual(done.returncode, 0, done.stderr)
        return environment(self.folder)

    def test_up_starts_all_and_down_stops_them(self):
        env = self.up()
        addresses = [env["KAFKA_BROKERS"], f"{env['PG_HOST']}:{env['PG_PORT']}", env["REDIS_ADDR"]]
        for address in addresses:
            self.assertTrue(listens(address), address)
        self.assertEqual(os.stat(env["PG_PASSWORD_FILE"]).st_mode & 0o777, 0o600)
        self.assertNotIn(pathlib.Path(env["PG_PASSWORD_FILE"]).read_text().strip(), env["PG_DSN"])
        self.assertEqual(dev("down", "--dir", self.folder).returncode, 0)
        for address in addresses:
            self.assertFalse(listens(address), address)

    def test_second_up_keeps_the_running_server(self):
        first = (self.up("redis"), self.process_file("redis"))
        self.assertEqual((self.up("redis"), self.process_file("redis")), first)

    def test_server_killed_comes_back_on_its_port(self):
        before = self.up("postgres", "redis")
        self.assertEqual(dev("kill", "--dir", self.folder, "postgres", "redis").returncode, 0)
        self.assertFalse(listens(before["REDIS_ADDR"]))
        self.assertEqual(self.up("postgres", "redis"), before)
        self.assertTrue(listens(before["REDIS_ADDR"]))

    def test_down_of_one_leaves_the_other(self):
        env = self.up("postgres", "redis")
        dev("down", "--dir", self.folder, "redis")
        self.assertFalse(listens(env["REDIS_ADDR"]))
        self.assertTrue(listens(f"{env['PG_HOST']}:{env['PG_PORT']}"))

    def test_down_spares_a_process_that_got_the_old_id(self):
        self.up("redis")
        dev("down", "--dir", self.folder, "redis")
        bystander = subprocess.Popen(["sleep", "60"])
        self.addCleanup(bystander.kill)
        path = pathlib.Path(self.folder) / "redis" / "process.json"
        ports = path.read_text().split('"ports"', 1)[1]
        path.write_text(f'{{"pid": {bystander.pid}, "start_ticks": 1, "ports"{ports}')
        dev("down", "--dir", self.folder)
        self.assertIsNone(bystander.poll())

    def test_port_taken_meanwhile_is_reported(self):
        env = self.up("redis")
        dev("down", "--dir", self.folder)
        with socket.create_server(("127.0.0.1", int(env["REDIS_ADDR"].split(":")[1]))):
            done = dev("up", "--dir", self.folder, "redis")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("redis does not start", done.stderr)
        self.assertIn("in use", done.stderr)

    def test_servers_end_when_their_test_is_killed(self):
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, DEV, self.folder], stdout=subprocess.PIPE, text=True)
        self.assertEqual(owner.stdout.readline(), "holding\n")
        env = self.up("redis")
        owner.send_signal(signal.SIGKILL)
        owner.communicate()
        await_condition(lambda: not listens(env["REDIS_ADDR"]), "redis ends")
        await_condition(lambda: not os.path.exists(self.folder), "the folder goes")

    def test_guard_stays_when_nobody_reads_on(self):
        # Unbuffered, Python would write the line in two parts. O_DIRECT: a read gives one write.
        reader, writer = os.pipe2(os.O_DIRECT | os.O_CLOEXEC)
        guard = subprocess.Popen(
            [DEV, "hold", "--dir", self.folder], stdin=subprocess.PIPE, stdout=writer,
            env={**os.environ, "PYTHONUNBUFFERED": "1"})
        os.close(writer)
        told = os.read(reader, 64)
        os.close(reader)
        self.assertEqual(told, b"holding\n")
        env = self.up("redis")
        self.assertIsNone(guard.poll())
        guard.stdin.close()
        self.assertEqual(guard.wait(60), 0)
        self.assertFalse(listens(env["REDIS_ADDR"]))
        self.assertFalse(os.path.exists(self.folder))

    def test_nothing_starts_for_a_test_whose_guard_has_cleaned(self):
        guard = subprocess.Popen([DEV, "hold", "--dir", self.folder], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE)
        guard.stdout.readline()
        guard.stdin.close()
        self.assertEqual(guard.wait(60), 0)
        guard.stdout.close()
        done = dev("up", "--guarded", "--dir", self.folder, "redis")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("nobody guards", done.stderr)
        self.assertFalse(os.path.exists(self.folder))

    def test_several_may_clean_at_the_same_time(self):
        env = self.up("postgres", "redis")
        cleaners = [
            subprocess.Popen([DEV, "down", "--wipe", "--dir", self.folder], text=True,
                             stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(4)]
        for cleaner in cleaners:
            errors = cleaner.communicate()[1]
            self.assertEqual(cleaner.returncode, 0, errors)
        self.assertFalse(listens(env["REDIS_ADDR"]))
        self.assertFalse(os.path.exists(self.folder))

    def test_unknown_names_are_refused(self):
        self.assertEqual(dev("no-such-verb").returncode, 2)
        self.assertIn("mysql", dev("up", "--dir", self.folder, "mysql").stderr)

    def process_file(self, name):
        return (pathlib.Path(self.folder) / name / "process.json").read_text()


# Starts a guard as a test would, tells that it holds, and stays.
OWNER = """
import subprocess, sys, time
guard = subprocess.Popen([sys.argv[1], "hold", "--dir", sys.argv[2]],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(guard.stdout.readline(), end="", flush=True)
guard.wait()
"""

if __name__ == "__main__":
    unittest.main(verbosity=2)
