"""The portal speaks Chinese and, to those who choose it, English: completely, on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from shutil import copytree

import pypdfium2
import pytest
from babel.messages import Catalog, Message
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.datastructures import MultiDict
from wtforms import DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from app.config import Settings
from app.db import db
from app.domain.conditions import FACTS
from app.domain.consultations import PHRASES
from app.domain.registers import FORMS, RegisterKind
from app.jobs.handlers import Work, handler_of
from app.models.accounts import Account, Branch
from app.models.borrowing import LoanRule
from app.models.cases import CaseCause
from app.models.climate import ClimateLimit, SafetyPoint
from app.models.clocks import CalendarDay, ClockRuleRow
from app.models.completeness import CompletenessRule
from app.models.consultations import ReadyAnswer
from app.models.documents import Category, RetentionPeriod
from app.models.intake import PaperType
from app.models.machinery import Export, Job
from app.models.surveys import Survey, SurveyVersion
from app.services.settings import BASES
from app.web.cookies import LANGUAGE_COOKIE
from app.web.forms import BaseForm
from tests.cast import ONE_OF_EACH, PEOPLE
from tests.client import BASE, Browser, Portal
from tests.conftest import MASTER_KEY
from tests.web.words import (
    CATALOGUE,
    CHINESE,
    ROOT,
    bare_words_of_code,
    bare_words_of_template,
    extracted,
    placeholders,
    read,
)

TEMPLATES = ROOT / "app" / "templates"
SCREENS = sorted(path for path in TEMPLATES.rglob("*.html") if "print" not in path.relative_to(TEMPLATES).parts)
CODE = sorted(path for floor in ("blueprints", "web") for path in (ROOT / "app" / floor).rglob("*.py"))

# Chinese that stands in every language: the other language's name of itself, and words that are kept as data.
OWN_NAMES = {"中文", "保档"}
KEPT_WORDS = {"中国", "中国标准时间"}
# Said before it is known who asks, hence in both languages at once.
BOTH_AT_ONCE = re.compile(r"400 .* Unknown host\.")
# Titles of documents are Chinese, so their examples are.
EXAMPLES = {"张某某终身寿险投保单"}
QUOTED = re.compile("“[^”]*”|" + "|".join(EXAMPLES))
PLACES = re.compile(r"(\{\w+\})+")
# An option's value is sent, not read.
SENT = re.compile(r"(<option )[^>]*(?=>)")


def source(message: Message) -> str:
    """The message in the source language."""
    return message.id if isinstance(message.id, str) else message.id[0]


def key(message: Message) -> tuple[str, str]:
    """The message and its context: one thing or many, which Chinese does not tell apart."""
    return source(message), message.context or ""


def texts(message: Message) -> list[str]:
    """All forms of a translation."""
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.fixture(scope="module")
def said() -> Catalog:
    """What the code says now."""
    return extracted()


@pytest.fixture(scope="module")
def english() -> Catalog:
    """The English catalogue."""
    return read(CATALOGUE)


def test_everything_that_is_said_is_said_in_english_too(said: Catalog, english: Catalog) -> None:
    known = {key(message): message for message in english if message.id}

    missing = [
        key(message)
        for message in said
        if message.id and not (key(message) in known and all(texts(known[key(message)])))
    ]

    assert not missing, f"{len(missing)} messages, run script/translate: {missing[:10]}"
    assert [key(message) for message in known.values() if message.fuzzy] == []


def test_the_catalogue_keeps_nothing_that_is_no_longer_said(said: Catalog, english: Catalog) -> None:
    now = {key(message) for message in said if message.id}

    assert [key(message) for message in english if message.id and key(message) not in now] == []
    assert list(english.obsolete) == []


def test_a_translation_fills_in_what_the_message_fills_in(english: Catalog) -> None:
    wrong = [
        (source(message), text)
        for message in english
        if message.id
        for text in texts(message)
        if placeholders(text) != placeholders(source(message))
    ]

    assert wrong == []


def test_a_translation_is_english(english: Catalog) -> None:
    chinese = [
        text
        for message in english
        if message.id and source(message) not in OWN_NAMES
        for text in texts(message)
        if CHINESE.search(QUOTED.sub("", text))
    ]

    assert chinese == []


def test_a_message_is_chinese(said: Catalog) -> None:
    # One that is nothing but places has no words; languages differ in what stands between them.
    worded = (message for message in said if message.id and not PLACES.fullmatch(source(message)))

    assert [key(message) for message in worded if not CHINESE.search(source(message))] == []


@pytest.mark.parametrize("path", SCREENS, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_says_nothing_past_gettext(path: Path) -> None:
    assert [(line, text) for line, text in bare_words_of_template(path) if text not in OWN_NAMES] == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_screen_says_nothing_past_gettext(path: Path) -> None:
    assert [
        (line, text) for line, text in bare_words_of_code(path) if not (text in KEPT_WORDS or BOTH_AT_ONCE.match(text))
    ] == []


# --- the pages --------------------------------------------------------------------------------------------


class Wording:
    """A portal whose people have chosen a language."""

    def __init__(self, settings: Settings) -> None:
        self.portal = Portal(settings)
        with self.portal.session() as session:
            self.data = sorted(user_data(session), key=len, reverse=True)
            session.execute(update(Account).values(locale="en"))
            session.commit()

    def paths(self) -> list[str]:
        """Every page that asks for nothing."""
        rules = [rule for rule in self.portal.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        return sorted(rule.rule for rule in rules if not rule.arguments and rule.rule != "/healthz")

    def foreign(self, page: str) -> list[str]:
        """Chinese on a page, apart from what people and the company wrote themselves."""
        text = unescape(SENT.sub(r"\1", page))
        for word in self.data:
            text = text.replace(word, "")
        return [line.strip() for line in text.splitlines() if CHINESE.search(line)]


def user_data(session: Session) -> set[str]:
    """Names that people gave: they are shown as they are."""
    accounts = session.execute(select(Account.full_name, Account.username))
    names = {f"{full_name}（{username}）" for full_name, username in accounts}
    for column in (
        *(Account.full_name, Branch.name, Branch.fonds_name, Category.name, Category.basis),
        *(RetentionPeriod.label, RetentionPeriod.basis, LoanRule.basis),
        *(ClimateLimit.label, ClimateLimit.basis, SafetyPoint.label, SafetyPoint.hint, SafetyPoint.basis),
        *(ClockRuleRow.title, ClockRuleRow.from_text, ClockRuleRow.until_text, ClockRuleRow.scope, ClockRuleRow.basis),
        *(CalendarDay.name, CalendarDay.basis, CaseCause.name),
        *(ReadyAnswer.question, ReadyAnswer.answer, ReadyAnswer.basis, ReadyAnswer.keywords),
        *(Survey.title, SurveyVersion.greeting, SurveyVersion.thanks),
        *(
            PaperType.name,
            PaperType.title_pattern,
            CompletenessRule.basis,
            CompletenessRule.condition,
            CompletenessRule.condition_words,
            CompletenessRule.hint,
        ),
    ):
        names |= {str(value) for value in session.scalars(select(column)) if value}
    # Beginnings of questions that clerks take into what they write.
    names |= {phrase for phrases in PHRASES.values() for phrase in phrases}
    # The words of conditions, and a mark of the language that they are written in.
    names |= {fact.chinese for fact in FACTS} | {"“万”"}
    return names | set(BASES.values()) | OWN_NAMES | KEPT_WORDS | EXAMPLES


@pytest.fixture(scope="module")
def wording(template_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wording]:
    """One portal for all pages: they are only read."""
    folder = tmp_path_factory.mktemp("english") / "instance"
    copytree(template_instance, folder)
    wording = Wording(
        Settings(instance=folder, database_url=f"sqlite:///{folder / 'baodang.db'}", master_key=MASTER_KEY)
    )
    yield wording
    wording.portal.close()


@pytest.mark.parametrize("username", [*ONE_OF_EACH, ""])
def test_who_chose_english_reads_english_on_every_page(wording: Wording, username: str) -> None:
    reader = wording.portal.browser(username, stepped_up=True) if username else wording.portal.visitor()
    if not username:
        reader.client.set_cookie(LANGUAGE_COOKIE, "en", domain="localhost", secure=True)

    found = {path: wording.foreign(open_page(reader, path)) for path in [*wording.paths(), "/nowhere"]}

    assert {path: lines for path, lines in found.items() if lines} == {}


class Typed(BaseForm):
    """A form that leaves its complaints to WTForms."""

    day = DateField("day")
    number = IntegerField("number")
    text = StringField("text", [InputRequired()])
    short = StringField("short", [Length(max=3)])


@pytest.mark.parametrize(("username", "is_chinese"), [("clerk", False), ("manager", True)])
def test_what_the_forms_library_says_is_in_the_readers_language(
    wording: Wording, username: str, is_chinese: bool
) -> None:
    reader = PEOPLE[username][0]
    with wording.portal.session() as session:
        session.execute(update(Account).where(Account.id == reader).values(locale="zh" if is_chinese else "en"))
        session.commit()
    with wording.portal.browser(username).client as client:
        client.get("/account/sessions", base_url=BASE)

        form = Typed(MultiDict({"day": "2026-13-45", "number": "zwei", "short": "too long"}))
        form.validate()

    complaints = [error for errors in form.errors.values() for error in errors]
    assert len(complaints) == 4
    assert [bool(CHINESE.search(str(text))) for text in complaints] == [is_chinese] * 4


@pytest.mark.parametrize("register", [kind for kind in RegisterKind if not FORMS[kind].needs])
def test_a_printed_register_is_chinese_whoever_prints_it(wording: Wording, register: RegisterKind) -> None:
    printed = print_register_for(wording.portal, "archivist_head", register)

    assert FORMS[register].title in squeezed(printed)
    for heading in [*(name for name, _, _ in FORMS[register].columns), *FORMS[register].signatures]:
        assert squeezed(heading) in squeezed(printed)
    assert set(re.findall(r"[A-Za-z_]{4,}", printed)) <= {"archivist_head"}  # the watermark


def print_register_for(portal: Portal, username: str, register: RegisterKind) -> str:
    """Order a register on the screen, let the worker's handler print it, and return its first page's text."""
    reader = portal.browser(username, stepped_up=True)
    reader.get("/registers")
    reader.post("/registers", {"register": register.value, "branch_id": "", "category": "", "period": ""})
    tools, settings = portal.app.extensions["tools"], portal.app.extensions["baodang"]
    with portal.app.app_context():
        sessions = sessionmaker(db.engine, expire_on_commit=False)
    work = Work(sessions, tools, settings, lambda: datetime.now(UTC), lambda done, total: None, None)
    with sessions() as session:
        export = session.scalars(select(Export).where(Export.register == register.value)).one()
    handler_of("print_register")(work, {"export_id": export.id})
    with sessions() as session:
        pdf = tools.files.read(session.get_one(Export, export.id).blob_digest)
        session.get_one(Job, export.job_id).state = "done"  # as the worker would: three may be open at once
        session.commit()
    page = pypdfium2.PdfDocument(pdf if isinstance(pdf, bytes) else b"".join(pdf))[0]
    return str(page.get_textpage().get_text_range())


def squeezed(text: str) -> str:
    """Text without blanks: narrow columns break their headings."""
    return re.sub(r"\s", "", text)


def open_page(reader: Browser, path: str) -> str:
    """The page or the refusal that stands there."""
    response = reader.client.get(path, base_url=BASE)
    assert response.status_code < 500, path
    return response.text if response.mimetype == "text/html" else ""
