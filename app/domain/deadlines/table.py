"""The rules and the worked cases as a page for people: docs/deadlines.md is this, and a test keeps them the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time

from app.domain.deadlines.events import Event, in_order
from app.domain.deadlines.rules import ClockRule, Term
from app.domain.deadlines.seeds import SEED_RULES
from app.domain.deadlines.wording import CHANNELS, EVENTS, GROUNDS, STATES, UNITS
from app.domain.deadlines.worked import GROUPS, Case
from app.domain.office_time import CHINA

TITLE = """# Deadlines

Printed from `app/domain/deadlines/` by `flask cases table > docs/deadlines.md`. The engine counts; the numbers are rows
with their basis and dates; the cases below are written by hand from the law and judged by
`tests/domain/deadlines/test_worked_cases.py`.

办法 is 银行业保险业消费投诉处理管理办法 (令2020年第3号), 基本服务规定 is 人身保险业务基本服务规定 (令2010年第4号), 司法解释（二） is
the Supreme Court's second interpretation of 保险法 as amended in 2020.

## How it is counted

- Days are the office's, in China time; a moment at 24:00 belongs to the next day. The day on which a period
  begins is not counted (民法典 Art. 201); hours run from the moment itself. A period ends with its last day (Art.
  203).
- *Days* are natural days unless the rule says working days 工作日 (办法 Art. 43). Working days are the week's but
  for the calendar, which is a file that is read in; 2025 and 2026 come with the product. A year that nobody has
  entered has weekends only, and the explanation says so.
- When a period of natural days ends on a day of rest, the day to which Art. 203 carries it is shown 可顺延至, while
  state and reminders stay with the unmoved day: the 办法 speaks of natural days, and who is early is not wrong.
- A pause from day *a* to day *b* takes out *b* − *a* days: *a* still counts, the days after it up to *b* do
  not. Pauses that overlap are taken out once. A pause that begins on the due day still works, one day later it
  does not. While it lasts, the due day shown is that of a pause that ends today.
- A complaint is decided **and** told within its period (办法 Art. 18). A letter counts when posted, a message
  when sent, a call when dialled (Art. 21); who cannot be reached is told by the proof of trying.
- Thirty days for a complex case need a classification on or before the fifteenth day; thirty more need an
  application, an approval and the notice, all on or before the last day. What comes later is kept as a fact and
  changes nothing.
- New facts within the period begin it anew; classification, extension and decision have to be made again. After
  the period they change nothing. A merged complaint counts from the earliest receipt, unless new facts have
  begun a new period since; pauses of the other case are not taken over.
- Asking the complainant for supplements stops nothing in a complaint; in a claim it stops the thirty days once
  (一次性, 保险法 Art. 22), not the five working days of a simple life claim and not the sixty days of Art. 25, of
  which the interpretation does not speak.
- The right to ask for re-examination 核查 begins when the decision arrives: the same day, or for a letter with
  the proof of delivery. The re-examination itself knows no pause and no extension (Art. 20).
- A case keeps the rule under which it was opened.

Readings where the law is silent (the count of a pause, what new facts undo, supplements in five working days)
take the earlier day.

## The calendar of working days

A file in CSV (UTF-8) with a header and a row for every day that is not as the week has it: `date`, `working` (`yes` or
`no`), `name`, `basis`; or 日期, 是否上班 (是 or 否), 名称, 依据. A file with a wrong line is refused whole, and every
wrong line is named. The seeded days are those of 国务院办公厅关于2025年、2026年部分节假日安排的通知.

## What is no clock here

- Duties to act promptly 及时 without a number: the request for supplements (保险法 Art. 22 ¶2), the decision of
  a simple property claim (Art. 23), telling a complainant of outside experts (办法 Art. 18 ¶2; a pause
  without that record is refused).
- The call-back 回访 within the cooling-off period (基本服务规定 Art. 15): its length is the contract's.
- Grace and reinstatement (保险法 Art. 36–37), limitation (Art. 26), the two years of Art. 16: no duty of a
  handler.
- Who may handle a case (Art. 17), what a notice must contain (Art. 19), that only decisions of branch
  offices can be re-examined (Art. 20): matters of the case, not of its clock.

## Rules
"""
# The name of a law ends where its articles or its number in brackets begin.
_NUMBERED = re.compile("（|第[一二三四五六七八九十]+条")
RULES_HEAD = ("code", "什么", "自", "期限", "至", "中止", "依据", "施行", "适用范围")
CASES_HEAD = ("#", "情形", "事实", "规则", "截至", "结论", "到期", "说明", "依据")


def deadlines_as_markdown() -> str:
    """Return the page of rules and worked cases."""
    parts = [TITLE, *_rows(RULES_HEAD, map(_rule, SEED_RULES)), "", "## Worked cases"]
    number = 0
    for title, cases in GROUPS:
        rows = [_case(number + place, case) for place, case in enumerate(cases, 1)]
        parts += ["", f"### {title}", "", *_rows(CASES_HEAD, iter(rows))]
        number += len(cases)
    return "\n".join([*parts, ""])


def _rows(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _rule(rule: ClockRule) -> tuple[str, ...]:
    texts = [_term(rule.term)]
    if rule.complex_term:
        texts.append(f"复杂{_term(rule.complex_term)}")
    if rule.extension:
        texts.append(f"经批准并告知可再延长{rule.extension}日（{rule.extension_times}次）")
    terms = [rule.term, *([rule.complex_term] if rule.complex_term else [])]
    grounds = [text for ground, text in GROUNDS.items() if any(ground in term.pauses for term in terms)]
    since = f"{rule.effective_from} 起" + (f"至 {rule.effective_to}" if rule.effective_to else "")
    return (
        *(f"`{rule.code}`", rule.title, rule.from_text, "，".join(texts), rule.until_text),
        *("、".join(grounds) or "—", rule.basis, since, rule.scope or "—"),
    )


def _term(term: Term) -> str:
    return f"{term.length}{UNITS[term.unit]}"


def _case(number: int, case: Case) -> tuple[str, ...]:
    story = "；".join(_told(event) for event in in_order(case.story))
    return (
        *(str(number), case.name, story, f"`{case.rule}`", _moment(case.asked), STATES[case.state]),
        *(case.due.isoformat() if case.due else "—", case.says, _article(case)),
    )


def _article(case: Case) -> str:
    """Return the article of a case with the name of its law before it."""
    if not case.article.startswith("第"):
        return case.article
    basis = next(rule.basis for rule in SEED_RULES if rule.code == case.rule)
    return _NUMBERED.split(basis)[0] + case.article


def _told(event: Event) -> str:
    """Return an event in a few words."""
    details = [
        GROUNDS[event.ground] if event.ground else "",
        event.about,
        CHANNELS[event.channel] if event.channel else "",
        f"收到于 {_moment(event.other_received)}" if event.other_received else "",
        f"至 {event.agreed_on}" if event.agreed_on else "",
    ]
    known = "，".join(detail for detail in details if detail)
    return f"{_moment(event.moment)} {EVENTS[event.kind]}" + (f"（{known}）" if known else "")


def _moment(moment: datetime) -> str:
    """Return a day of office time, with the minute where it is not noon."""
    local = moment.astimezone(CHINA)
    return f"{local:%Y-%m-%d}" if local.time() == time(12) else f"{local:%Y-%m-%d %H:%M}"
