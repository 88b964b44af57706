"""What is written stays true: settings, paths, commands, links, tables and tests that the documents name exist."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest

from app.blueprints import NAMES
from app.cli import commands
from app.cli.demo.load import SCALES
from app.config import Settings, UploadRules
from app.db import Base
from app.domain.actor import Role
from app.domain.sign_in import SignInRules
from app.jobs.handlers import HANDLERS

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "app").rglob("*.md")])
IN_THE_TREE = ("app/", "bench/", "docs/", "migrations/", "script/", "tests/")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"""(?:\]\(|<img src=")([^)\s"]+)[)"]""")
ROW = re.compile(r"^\| `(\w+)` \| `([^`]*)`", re.MULTILINE)
TEST = re.compile(r"\btest_\w+\b(?!\.py)")
NAME = re.compile(r"[A-Za-z]+(?:_[a-z]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]+(?:_[A-Z]+)+")

# Names of other programs that our documents mention.
OTHERS = frozenset({"PIP_NO_INDEX", "PIP_FIND_LINKS", "full_fonts"})


def section(page: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return page.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def documented(heading: str) -> dict[str, str]:
    """Return the settings under a heading of the configuration page with their defaults."""
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    return dict(ROW.findall(section(page, heading)))


def defaults_of(rules: Any) -> dict[str, str]:
    """Return the fields of a group of rules with their defaults as config.toml writes them."""
    values = {item.name: getattr(rules, item.name) for item in fields(rules)}
    return {
        name: str(int(value.total_seconds()) if isinstance(value, timedelta) else value)
        for name, value in values.items()
    }


def settings_read() -> set[str]:
    """Return the names that the loader takes out of the top of config.toml."""
    tree = ast.parse((ROOT / "app" / "config.py").read_text("utf-8"))
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "table.pop"
        and isinstance(node.args[0], ast.Constant)
    }


def words_in_code(page: Path) -> Iterator[str]:
    """Yield what a page sets as code, block by block and word by word."""
    text = page.read_text("utf-8")
    for block in FENCE.findall(text):
        yield from block.splitlines()[1:-1]
    for line in FENCE.sub("", text).splitlines():
        if line.startswith("    "):
            yield line.strip()
        yield from CODE.findall(line)


@cache
def names_of_tests() -> dict[str, set[str]]:
    """Return the names of all tests, by the path of their file."""
    return {
        path.relative_to(ROOT).as_posix(): set(re.findall(r"def (test_\w+)", path.read_text("utf-8")))
        for path in (ROOT / "tests").rglob("test_*.py")
    }


@cache
def programs() -> str:
    """Return the text of everything that the house is made of but its documents."""
    parts = ("app", "bench", "migrations", "script", "tests")
    files = [file for part in parts for ending in ("py", "html", "js") for file in (ROOT / part).rglob(f"*.{ending}")]
    return "\n".join(file.read_text("utf-8") for file in files if file != Path(__file__))


@cache
def subcommands() -> dict[str, set[str]]:
    """Return the groups of `flask` commands with what is in them."""
    groups = [group for group in commands() if isinstance(group, click.Group)]
    return {str(group.name): set(group.list_commands(click.Context(group))) for group in groups}


def name_of(page: Path) -> str:
    """Return how a page is called in the report of a test."""
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def test_every_setting_is_documented_with_its_default() -> None:
    settings = Settings(Path(), "", b"")
    top = documented("config.toml, top level")

    assert documented("[sign_in]") == defaults_of(SignInRules())
    assert documented("[upload]") == defaults_of(UploadRules())
    assert set(top) == settings_read() - {"sign_in", "upload"}
    assert float(top["export_hours"]) == settings.export_lifetime / timedelta(hours=1)
    assert int(top["free_space_floor"]) == settings.free_space_floor


def test_every_variable_of_the_environment_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    programs = [*(ROOT / "app").rglob("*.py"), *(ROOT / "script").rglob("*.py"), *(ROOT / "script").glob("[!.]*")]
    texts = [path.read_text("utf-8") for path in programs if path.is_file()]

    used = {name for text in texts for name in re.findall(r"\bBAODANG_[A-Z_]+\b", text)}

    assert {name for name in used if f"| `{name}` |" not in page} == set()
    assert all(f"`{scale}`" in page for scale in SCALES)


@each_page
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text("utf-8"))
    targets = {link.partition("#")[0] for link in LINK.findall(text) if not re.match(r"\w+:|#", link)}

    assert {target for target in targets if not (page.parent / target).exists()} == set()


@each_page
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = {word.rstrip(".,:;") for code in words_in_code(page) for word in code.split()}
    paths = {word.partition("::")[0] for word in named if word.startswith(IN_THE_TREE) and "<" not in word}

    assert {path for path in paths if not any(ROOT.glob(path.rstrip("/")))} == set()


@each_page
def test_every_option_of_a_script_that_is_named_exists(page: Path) -> None:
    unknown = set()
    for code in words_in_code(page):
        found = re.match(r"(?:\w+=\S+ +)*(script/[a-z]+)((?: +[^#\s]+)*)", code)
        if found is None or not (ROOT / found[1]).is_file():
            continue
        usage = (ROOT / found[1]).read_text("utf-8")
        unknown |= {f"{found[1]} {word}" for word in found[2].split() if word.startswith("--") and word not in usage}

    assert unknown == set()


@each_page
def test_every_command_that_is_named_exists(page: Path) -> None:
    unknown = set()
    for code in words_in_code(page):
        for group, command in re.findall(r"\bflask (\w[\w-]*) ([a-z][a-z-]+)", code):
            if command not in subcommands().get(group, set()):
                unknown.add(f"flask {group} {command}")
        for module in re.findall(r"\bpython -m ([\w.]+)", code):
            if module.startswith(("app.", "tests.", "bench")) and find_spec(module) is None:
                unknown.add(f"python -m {module}")

    assert unknown == set()


@each_page
def test_every_test_that_is_named_exists(page: Path) -> None:
    missing = set()
    everywhere = set().union(*names_of_tests().values())
    for code in words_in_code(page):
        file, _, _ = code.partition("::")
        known = names_of_tests().get(file, set()) if "::" in code else everywhere
        missing |= {name for name in TEST.findall(code) if name not in known}

    assert missing == set()


@cache
def words_of_programs() -> frozenset[str]:
    """Every word of the code: looking for one name after the other in all of it would take half a minute."""
    return frozenset(re.findall(r"\w+", programs()))


def occurs(name: str) -> bool:
    """Say whether the code has a name; one of several words is looked for as it stands."""
    return name in words_of_programs() or (not name.isidentifier() and bool(re.search(rf"\b{name}\b", programs())))


@each_page
def test_every_name_of_the_code_that_is_mentioned_occurs_in_it(page: Path) -> None:
    named = {name for code in CODE.findall(FENCE.sub("", page.read_text("utf-8"))) for name in [code.partition("(")[0]]}

    unknown = {name for name in named - OTHERS if NAME.fullmatch(name) and not occurs(name)}

    assert unknown == set()


def test_the_architecture_names_every_table_floor_job_and_screen() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    floors = re.findall(r"app\.(\w+)", (ROOT / ".importlinter").read_text("utf-8").split("layers =")[1].split(";")[0])

    things = {*Base.metadata.tables, *floors, *HANDLERS, *NAMES}

    assert {thing for thing in things if f"\n| `{thing}` |" not in page} == set()


def test_the_first_page_names_every_script_and_every_page_of_the_documents() -> None:
    page = (ROOT / "README.md").read_text("utf-8")
    scripts = [file.name for file in (ROOT / "script").iterdir() if file.is_file() and not file.suffix]
    documents = [name_of(path) for path in (ROOT / "docs").glob("*.md")]

    assert {name for name in scripts if f"`{name}`" not in page} == set()
    assert {name for name in documents if f"]({name})" not in page} == set()


def test_the_glossary_names_every_role() -> None:
    page = (ROOT / "docs" / "glossary.md").read_text("utf-8")

    assert {role.value for role in Role if f"`{role.value}`" not in page} == set()


def test_every_library_that_was_chosen_has_its_reason() -> None:
    page = (ROOT / "docs" / "adr" / "0001-stack-and-libraries.md").read_text("utf-8")
    lines = (ROOT / "requirements.in").read_text("utf-8").splitlines()
    chosen = {re.split(r"[\[<>=]", line)[0].strip() for line in lines if line and not line.startswith("#")}

    assert {name for name in chosen if f"| `{name}` |" not in page} == set()


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")

    assert {path.name for path in folder.glob("0*.md") if f"({path.name})" not in index} == set()
