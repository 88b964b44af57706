"""The deadline engine: rules as rows, events of a case, and `judge`, which says where a clock stands and why.

    rule = rule_on(SEED_RULES, "complaint", office_day(received.moment))
    standing = judge(rule, events, now, calendar)
    standing.due_on, standing.state, standing.left, sentences(standing)

Pure functions: no clock, no table, no file. Source: docs/deadlines.md names every article.
"""

from app.domain.deadlines.calendar_file import BadCalendar, CalendarRow, exceptions_of, read_calendar
from app.domain.deadlines.counting import Calendar
from app.domain.deadlines.events import Authority, Channel, DeclineGround, Event, EventKind, Ground, in_order
from app.domain.deadlines.holidays import SEED_CALENDAR
from app.domain.deadlines.judge import judge
from app.domain.deadlines.reasons import Reason
from app.domain.deadlines.rules import Article, ClockRule, RuleKind, Term, Unit, rule_on
from app.domain.deadlines.seeds import SEED_RULES
from app.domain.deadlines.sequence import CODES, check_sequence
from app.domain.deadlines.standing import Reminder, Standing, State, Step
from app.domain.deadlines.wording import headline, sentence, sentences

__all__ = [
    "CODES",
    "SEED_CALENDAR",
    "SEED_RULES",
    "Article",
    "Authority",
    "BadCalendar",
    "Calendar",
    "CalendarRow",
    "Channel",
    "ClockRule",
    "DeclineGround",
    "Event",
    "EventKind",
    "Ground",
    "Reason",
    "Reminder",
    "RuleKind",
    "Standing",
    "State",
    "Step",
    "Term",
    "Unit",
    "check_sequence",
    "exceptions_of",
    "headline",
    "in_order",
    "judge",
    "read_calendar",
    "rule_on",
    "sentence",
    "sentences",
]
