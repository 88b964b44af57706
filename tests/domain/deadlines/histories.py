"""Drawing histories of complaints that can have happened: steps are tried in turn, what is refused is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from app.domain.deadlines import Authority, Channel, DeclineGround, Event, EventKind, Ground, judge, rule_on
from app.domain.deadlines.seeds import SEED_RULES
from app.domain.errors import WrongState

K = EventKind
COMPLAINT = rule_on(SEED_RULES, "complaint", date(2026, 3, 1))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC, second=0, microsecond=0)
)
gaps = st.integers(0, 9 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
kinds = st.sampled_from(
    [
        *(K.ACCEPTED, K.TRANSFERRED, K.MERGED, K.NEW_FACTS, K.CLASSIFIED_COMPLEX, K.CLASSIFIED_COMPLEX),
        *(K.EXTENSION_ASKED, K.EXTENSION_APPROVED, K.EXTENSION_NOTICED, K.EXTENSION_REFUSED, K.NOTICE_AGREED),
        *(K.PAUSE_BEGUN, K.PAUSE_BEGUN, K.PAUSE_ENDED, K.PAUSE_ENDED, K.SUPPLEMENTS_ASKED, K.SUPPLEMENTS_RECEIVED),
        *(K.DECIDED, K.NOTIFIED, K.DECLINED, K.WITHDRAWN, K.MERGED_INTO, K.DELIVERED, K.REVIEW_ASKED),
    ]
)
grounds = st.sampled_from([Ground.APPRAISAL, Ground.TESTING, Ground.MEDIATION])


def full(kind: EventKind, moment: datetime, **details: object) -> Event:
    """Return an event with all that its kind may ask for."""
    values: dict[str, object] = {
        "by": "王五",
        "reason": "多方",
        "proof": "凭证",
        "notice": "告知记录",
        "authority": Authority.SUPERIOR,
        "exception": DeclineGround.NOT_ENTITLED,
        "channel": Channel.MESSAGE,
        **details,
    }
    return Event(kind, moment, **values)  # type: ignore[arg-type]


def long_after(events: list[Event]) -> datetime:
    """Return a moment when most histories are over or late."""
    return max(event.moment for event in events) + timedelta(days=100)


def may_happen(events: list[Event]) -> bool:
    """Say whether the engine takes the events."""
    try:
        judge(COMPLAINT, events, long_after(events))
    except WrongState:
        return False
    return True


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Draw the events of a complaint, from its receipt on."""
    moment = draw(moments)
    events = [full(K.RECEIVED, moment)]
    for kind in draw(st.lists(kinds, max_size=10)):
        moment += draw(gaps)
        details = {
            "ground": draw(grounds) if kind in (K.PAUSE_BEGUN, K.PAUSE_ENDED) else None,
            "other_received": moment - draw(gaps) * 2 if kind is K.MERGED else None,
            "agreed_on": (moment + draw(gaps)).date() + timedelta(days=1) if kind is K.NOTICE_AGREED else None,
        }
        tried = [*events, full(kind, moment, **details)]
        events = tried if may_happen(tried) else events
    return events


@st.composite
def calendars(draw: st.DrawFn) -> dict[date, bool]:
    """Draw holidays and worked weekends of some years."""
    days = st.dates(date(2024, 1, 1), date(2031, 12, 31))
    return draw(st.dictionaries(days, st.booleans(), max_size=40))
