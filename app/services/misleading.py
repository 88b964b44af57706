"""A problem found in the call-back of a new policy: a duty of fifteen working days, solved by who did not sell it.

人身保险业务基本服务规定 Art. 18.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.deadlines import Event, EventKind
from app.domain.ids import new_id
from app.domain.office_time import office_day
from app.models.clocks import ServiceDuty
from app.models.surveys import SurveyInvitation
from app.services import trail
from app.services.clocks import DUTY, add_event, open_clock, refresh
from app.services.survey_invitations import subject_of

MISLEADING_SALE = "misleading_sale"


def open_misleading_duty(session: Session, invitation: SurveyInvitation, *, now: datetime) -> int | None:
    """Open the duty and return its id; None where nobody is known who was misled."""
    if invitation.customer_id is None:
        return None
    duty = ServiceDuty(
        id=new_id(),
        code=MISLEADING_SALE,
        customer_id=invitation.customer_id,
        policy_id=invitation.policy_id,
        branch_id=invitation.branch_id,
        note=invitation.number,
        created_at=now,
        updated_at=now,
    )
    session.add(duty)
    session.flush()
    open_clock(session, DUTY, duty.id, MISLEADING_SALE, branch_id=invitation.branch_id, day=office_day(now), now=now)
    add_event(session, None, DUTY, duty.id, Event(EventKind.BEGUN, now), now=now)
    duty.due_on = refresh(session, DUTY, duty.id, now=now)[MISLEADING_SALE].due_on
    trail.record(session, None, "misleading_sale_found", subject_of(invitation), now=now)
    return duty.id
