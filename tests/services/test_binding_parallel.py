"""Two bind the same papers at the same moment, on committed databases of both kinds: one volume comes of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db import begin_write
from app.models.documents import Document
from app.models.storage import Volume
from app.queries.claim_proposals import ClaimFilter, propose_claims
from app.queries.volume_measure import measure_of
from app.services.binding_proposals import bind_proposal
from app.services.volume_items import add_item
from app.services.volume_steps import close_volume
from app.services.volumes import form_volume
from tests.cast import NOW, actor
from tests.services.binding import a_case, filed_paper
from tests.services.test_accounts_parallel import at_once, database

__all__ = ["database"]


def arranged(database: Engine) -> tuple[list[int], str, Any]:
    """Papers of a closed claim, the reference of their proposal, and who binds."""
    with Session(database) as session:
        begin_write(session)
        customer_id, claim_id = a_case(session)
        papers = [filed_paper(session, customer_id, f"病历{n}", claim_id=claim_id) for n in range(3)]
        who = actor(session, "archivist")
        [proposal] = propose_claims(session, who, ClaimFilter(), measure_of(session)).items
        session.commit()
    return papers, proposal.ref, who


def test_two_who_bind_the_same_papers_make_one_volume(database: Engine) -> None:
    papers, ref, who = arranged(database)

    refused = at_once(
        database,
        lambda session: bind_proposal(session, who, ref, now=NOW),
        lambda session: bind_proposal(session, who, ref, now=NOW),
        lambda session: form_volume(session, who, papers[:1], "病历", now=NOW),
    )

    with Session(database) as session:
        volumes = session.scalars(select(Volume)).all()
        held = set(session.scalars(select(Document.volume_id).where(Document.id == papers[0])))
    assert [volume.id for volume in volumes] == list(held)
    assert sum(fault is None for fault in refused) == 1


def test_one_paper_goes_into_one_of_two_volumes(database: Engine) -> None:
    papers, _, who = arranged(database)
    with Session(database) as session:
        begin_write(session)
        first, second = (form_volume(session, who, [paper], "病历", now=NOW) for paper in papers[:2])
        session.commit()

    refused = at_once(
        database,
        lambda session: add_item(session, who, first, papers[2], version=1, now=NOW),
        lambda session: add_item(session, who, second, papers[2], version=1, now=NOW),
    )

    assert sorted(fault is None for fault in refused) == [False, True]
    with Session(database) as session:
        ends = session.execute(
            select(Document.volume_position, Document.first_page)
            .where(Document.volume_id.is_not(None))
            .order_by(Document.first_page)
        ).all()
    assert [tuple(row) for row in ends] == [(1, 1), (1, 1), (2, 3)]


def test_the_second_of_two_who_close_is_told(database: Engine) -> None:
    papers, _, who = arranged(database)
    with Session(database) as session:
        begin_write(session)
        volume = form_volume(session, who, papers, "病历", now=NOW)
        session.commit()

    refused = at_once(
        database, *[lambda session: close_volume(session, who, volume, "齐全", "", version=1, now=NOW)] * 2
    )

    assert sum(fault is None for fault in refused) == 1
