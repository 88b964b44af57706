"""What every script keeps to."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("setup", "server", "test", "check", "lock", "bench", "translate", "screenshots")


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_tells_how_it_is_used_and_does_nothing_else(name: str) -> None:
    told = subprocess.run([ROOT / "script" / name, "--help"], capture_output=True, text=True, cwd="/")

    assert told.returncode == 0
    assert f"Usage: script/{name}" in told.stdout
    assert "--help" in told.stdout
    assert told.stderr == ""


@pytest.mark.parametrize("path", [*(f"script/{name}" for name in SCRIPTS), ".ci/run"])
def test_each_script_can_be_run_and_stops_at_the_first_fault(path: str) -> None:
    first, *rest = (ROOT / path).read_text().splitlines()

    assert os.access(ROOT / path, os.X_OK)
    assert first == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in rest or len(rest) == 1


def test_ci_runs_the_tests_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()

    assert lines == ["#!/usr/bin/env bash", 'exec "$(dirname -- "$0")/../script/test"']


@pytest.mark.parametrize("path", sorted((ROOT / "script" / "supervising").glob("*.py")), ids=lambda path: path.name)
def test_the_supervisor_uses_the_standard_library_only(path: Path) -> None:
    imported = imported_packages(path)

    assert imported <= sys.stdlib_module_names | {"supervising"}


@pytest.mark.parametrize("floor", ["domain", "ports.py"])
def test_rules_and_ports_use_the_standard_library_only(floor: str) -> None:
    place = ROOT / "app" / floor
    files = place.rglob("*.py") if place.is_dir() else [place]

    foreign = {(path.name, name) for path in files for name in imported_packages(path) - sys.stdlib_module_names}

    assert {(file, name) for file, name in foreign if name != "app"} == set()


def test_the_operations_page_names_every_option_of_the_server() -> None:
    usage = (ROOT / "script" / "server").read_text()
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")

    options = {word for line in usage.splitlines() if line.startswith("#   --") for word in line.split()[1:2]}

    assert {option for option in options if option not in page} == set()


def imported_packages(path: Path) -> set[str]:
    """Return the top-level packages that a module imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names
