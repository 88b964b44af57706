"""Finding words: what code and templates say through gettext, and Chinese that is said without it."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "app" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?::\w+)?\}|%%")
GETTEXT = {"_", "_l", "gettext", "ngettext", "pgettext", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"}
# As script/translate has them.
KEYWORDS = ("-k", "_l", "-k", "lazy_gettext", "-k", "ngettext:1,2", "-k", "lazy_pgettext:1c,2")
Scope = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def extracted() -> Catalog:
    """Return every message of the code and the templates as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        command = ["pybabel", "-q", "extract", "-F", str(ROOT / "babel.cfg"), *KEYWORDS, "-o", str(template), str(ROOT)]
        CommandLineInterface().run(command)
        return read(template)


def read(path: Path) -> Catalog:
    """Return a catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale="en")


def placeholders(text: str) -> list[str]:
    """Return what is filled in when the message is shown."""
    return sorted(PLACEHOLDER.findall(text))


def bare_words_of_template(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of Chinese in a template that no gettext call holds; comments may say what they like."""
    yield from _bare_nodes(Environment(autoescape=True).parse(path.read_text("utf-8")))


def _bare_nodes(node: nodes.Node) -> Iterator[tuple[int, str]]:
    text = node.data if isinstance(node, nodes.TemplateData) else node.value if isinstance(node, nodes.Const) else ""
    if isinstance(text, str) and CHINESE.search(text):
        yield node.lineno, text.strip()
    spared = isinstance(node, nodes.Call) and _takes_words(node.node)
    for child in node.iter_child_nodes():
        if not (spared and isinstance(child, nodes.Const)):
            yield from _bare_nodes(child)


def _takes_words(called: nodes.Node) -> bool:
    """Say whether a call speaks through gettext, or only takes apart what is kept (`who.split("（")`)."""
    if isinstance(called, nodes.Getattr):
        return called.attr == "split"
    return isinstance(called, nodes.Name) and called.name in GETTEXT


def bare_words_of_code(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of Chinese in a module that no gettext call holds; comments and docstrings are for us."""
    tree = ast.parse(path.read_text("utf-8"))
    spared = {id(node) for node in _spared(tree)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in spared else None
        if isinstance(text, str) and CHINESE.search(text):
            yield node.lineno, text


def _spared(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, Scope) and node.body and isinstance(node.body[0], ast.Expr):
            yield node.body[0].value
        elif _is_gettext(node):
            yield from node.args
        elif isinstance(node, ast.Dict):
            yield from (key for key, value in zip(node.keys, node.values, strict=True) if key and _same(key, value))


def _is_gettext(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT


def _same(key: ast.AST, value: ast.AST) -> bool:
    """Say whether a stored word stands beside its own message: {"其他": _l("其他")}, with a context or without."""
    return _is_gettext(value) and ast.dump(value.args[-1]) == ast.dump(key)
