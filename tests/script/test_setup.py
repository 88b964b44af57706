"""script/setup: nothing to do the second time, and plain words for who may not install packages."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.script.house import House

NOBODY = 65534


@pytest.fixture
def shared_house() -> Iterator[House]:
    """A house that every account of the machine can enter."""
    with tempfile.TemporaryDirectory(prefix="baodang-setup-") as folder:
        Path(folder).chmod(0o755)
        house = House(Path(folder) / "house")
        yield house
        house.close()


def bare_debian(house: House) -> Path:
    """Return a folder of programs that play a Debian on which no package is installed."""
    programs = house.folder / "bare"
    programs.mkdir()
    for name, text in {"dpkg-query": "exit 1", "sudo": "exit 1"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    return programs


@pytest.mark.parametrize("kind", ["run", "demo", "dev"])
def test_a_second_setup_has_nothing_to_do(house: House, kind: str) -> None:
    done = house.run("script/setup", f"--{kind}")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ("requirements.txt", {"run", "demo", "dev"}),
        ("requirements-dev.txt", {"dev"}),
        ("app/translations/en/LC_MESSAGES/messages.po", {"run", "demo", "dev"}),
    ],
)
def test_a_change_of_what_setup_works_from_is_noticed(house: House, changed: str, kinds: set[str]) -> None:
    path = house.folder / changed
    house.write(changed, (path.read_text() if path.exists() else "") + "# more\n")

    asked = {
        kind: house.run("bash", "-c", f"source script/lib.sh; is_set_up {kind}") for kind in ("run", "demo", "dev")
    }

    assert {kind for kind, answer in asked.items() if answer.returncode != 0} == kinds


def test_a_lost_virtual_environment_is_noticed(house: House) -> None:
    (house.folder / ".venv").unlink()

    asked = house.run("bash", "-c", "source script/lib.sh; is_set_up run")

    assert asked.returncode == 1


def run_as_nobody(house: House, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Set up as somebody who may neither install nor, where root runs the tests, write the program's folder."""
    is_root = os.geteuid() == 0
    return subprocess.run(
        ["/bin/bash", "script/setup"],
        cwd=house.folder,
        env=environment,
        capture_output=True,
        text=True,
        user=NOBODY if is_root else None,
        group=NOBODY if is_root else None,
        extra_groups=[] if is_root else None,
    )


def test_someone_who_does_not_own_the_program_is_told_whom_to_ask(shared_house: House) -> None:
    stamps = shared_house.folder / ".script-stamps"
    shutil.rmtree(stamps)
    stamps.mkdir(mode=0o555)

    refused = run_as_nobody(shared_house, shared_house.environment())

    assert refused.returncode == 1
    assert f"    {shared_house.folder}/script/setup --run\n" in refused.stderr
    assert "Permission denied" not in refused.stderr


def test_someone_who_may_not_install_is_told_what_to_ask_for(shared_house: House) -> None:
    shutil.rmtree(shared_house.folder / ".script-stamps")
    shared_house.folder.joinpath(".script-stamps").mkdir(mode=0o777)
    shared_house.folder.joinpath(".script-stamps").chmod(0o777)
    environment = shared_house.environment()
    environment["PATH"] = f"{bare_debian(shared_house)}:{environment['PATH']}"

    refused = run_as_nobody(shared_house, environment)

    assert refused.returncode == 1
    assert "Please ask the administrator to run:" in refused.stderr
    assert "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk" in refused.stderr


def test_an_unknown_option_is_refused(house: House) -> None:
    refused = house.run("script/setup", "--everything")

    assert refused.returncode == 1
    assert refused.stderr == "script/setup: unknown option --everything (see script/setup --help)\n"
