"""Runs one benchmark, or all, prints their tables and writes the figures as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module
from pathlib import Path

from bench.table import Figure, print_table

NAMES = ("portal", "borrowing", "casework", "intake", "restoring", "marking")
# What `intake` is made of can be asked for alone.
PARTS = ("receiving", "reading", "sorting")


def main() -> int:
    """Run what was asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("name", nargs="?", choices=(*NAMES, *PARTS))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    figures: dict[str, list[Figure]] = {}
    for name in [arguments.name] if arguments.name else NAMES:
        figures[name] = import_module(f"bench.{name}").run()
        print_table(name, figures[name])
    if arguments.json:
        rows = {name: [figure.as_dict() for figure in found] for name, found in figures.items()}
        arguments.json.write_text(json.dumps(rows, ensure_ascii=False, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
