"""State folders and targets that do not belong together, on real servers: each start must be
refused with its code, naming what is wrong, before it claims anything."""

import shutil

from .lives import LifeError

_ENVIRONMENT_STATUS = 3


def problems(lives, at_rest, work):
    """Of a pipeline that was stopped well; its folder and targets are as before afterwards."""
    found = []
    owner = at_rest.postgres_marker()[1]
    for name, change, code, named in _CASES:
        folder = work / f"refused-{name}"
        shutil.copytree(lives.state, folder)
        change(folder / "sluice.trade")
        process = lives.start(lives.quick, "--until", "now", state=folder)
        try:
            lives.end(process, wanted=_ENVIRONMENT_STATUS)
        except LifeError as error:
            found.append(f"{name}: {error}")
            continue
        text = lives.text_of(process)
        if code not in text or named not in text:
            found.append(f"{name}: neither {code} nor {named!r} in {process.log}")
        if at_rest.postgres_marker()[1] != owner:
            found.append(f"{name}: the target was claimed all the same")
    return found


def _newest(folder, prefix):
    names = [path for path in folder.glob(f"{prefix}-*") if not path.name.endswith(".tmp")]
    return max(names, key=lambda path: int(path.name.split("-")[1]))


def _flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _make_older(folder):
    _newest(folder, "MANIFEST").unlink()


def _forget_identity(folder):
    shutil.rmtree(folder)


_CASES = (
    ("older", _make_older, "E4403", "older than the target"),
    ("foreign", _forget_identity, "E4403", "another state folder"),
    ("manifest", lambda folder: _flip(_newest(folder, "MANIFEST")), "E5002", "MANIFEST-"),
    ("state", lambda folder: _flip(_newest(folder, "state")), "E5002", "state-"),
    ("spool", lambda folder: _flip(_newest(folder, "spool")), "E5002", "spool-"),
    ("identity", lambda folder: _flip(folder / "UID"), "E5002", "UID"),
)
