"""A problem found in the call-back of a new policy: a duty of fifteen working days, solved by who did not sell it.

人身保险业务基本服务规定 Art. 18; the customer's own answer opens it as well, so nobody need be signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.claim_clocks import is_personal
from app.domain.deadlines import Event, EventKind
from app.domain.ids import new_id
from app.domain.office_time import office_day
from app.domain.survey_answers import Reason
from app.domain.surveys import Purpose
from app.models.clocks import ServiceDuty
from app.models.customers import Customer
from app.models.policies import Policy
from app.models.surveys import SurveyInvitation
from app.services import trail
from app.services.clock_judging import keep_due_day
from app.services.clocks import DUTY, add_event, open_clock

MISLEADING_SALE = "misleading_sale"


def open_misleading_duty(
    session: Session, invitation: SurveyInvitation, reasons: Sequence[Reason], *, now: datetime
) -> int | None:
    """Open the duty when a call-back found a problem and return its id, None otherwise.

    Groups and property insurance are not covered (Art. 32). Nobody owns the duty yet: the seller must not.
    """
    if invitation.purpose != Purpose.NEW_POLICY.value or Reason.PROBLEM not in reasons:
        return None
    customer = session.get(Customer, invitation.customer_id or 0)
    policy = session.get(Policy, invitation.policy_id or 0)
    if customer is None or customer.kind == "organisation" or (policy is not None and not is_personal(policy.line)):
        return None
    duty = ServiceDuty(
        id=new_id(),
        code=MISLEADING_SALE,
        customer_id=customer.id,
        policy_id=invitation.policy_id,
        branch_id=customer.branch_id,
        note=invitation.number,
        created_at=now,
        updated_at=now,
    )
    session.add(duty)
    session.flush()
    open_clock(session, DUTY, duty.id, MISLEADING_SALE, branch_id=duty.branch_id, day=office_day(now), now=now)
    add_event(session, None, DUTY, duty.id, Event(EventKind.BEGUN, now), now=now)
    keep_due_day(session, duty, now=now)
    after = {"rule": MISLEADING_SALE, "begun": office_day(now).isoformat(), "due_on": str(duty.due_on or "")}
    subject = trail.Subject("duty", duty.id, invitation.number, customer.id)
    trail.record(session, None, "duty_opened", subject, now=now, after=after)
    return duty.id
