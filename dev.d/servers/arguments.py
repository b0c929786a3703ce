"""Command line and errors that the server verbs share."""
import argparse
import os
import pathlib
import subprocess
import sys

from servers.folder import KINDS, ServerError, ServerFolder

ROOT = pathlib.Path(__file__).resolve().parents[2]


def parser(description: str) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="./dev " + os.path.basename(sys.argv[0]), description=description)
    made.add_argument("--dir", type=pathlib.Path, default=ROOT / ".run",
                      help="folder of the servers (default: .run)")
    return made


def add_names(to: argparse.ArgumentParser, nargs: str) -> None:
    to.add_argument("servers", nargs=nargs, metavar="SERVER", help=", ".join(KINDS))


def chosen(names: list[str]) -> list[str]:
    """The named servers, or all when none is named."""
    unknown = [name for name in names if name not in KINDS]
    if unknown:
        sys.exit(f"dev: no server '{unknown[0]}': choose from {', '.join(KINDS)}")
    return names or list(KINDS)


def run(act, directory: pathlib.Path) -> None:
    """Runs the act on the folder; a server's failure ends the command with its message."""
    try:
        act(ServerFolder(directory))
    except (ServerError, RuntimeError, subprocess.CalledProcessError) as error:
        sys.exit(f"dev: {error}")
