"""Learning what papers are, at night: gathered and written in short transactions, the long work between them."""

from __future__ import annotations

from typing import Any

from app.db import begin_write
from app.jobs.handlers import Work
from app.services import learning, twin_finding

_PRINTS_A_RUN, _PRINTS_A_STEP = 5000, 25


def learn_sorting(work: Work, _payload: dict[str, Any]) -> None:
    """Learn from what people confirmed, and print the pages of documents that have no prints yet; a second run changes nothing."""
    now = work.clock()
    with work.sessions() as session:
        material = learning.gather(session)
    if material is not None:
        former = work.tools.files.read(material.in_force) if material.in_force else None
        work.beat(0, 1)
        learnt = learning.learn(material, former, work.tools.sorter)
        blob = learning.put_model(work.tools.files, learnt.model)
        work.beat(1, 1)
        with work.sessions() as session:
            begin_write(session)
            learning.keep_version(session, material, learnt, blob, now=now)
            session.commit()
    with work.sessions() as session:
        begin_write(session)
        twin_finding.forget_gone(session)
        session.commit()
    _print_documents(work)


def _print_documents(work: Work) -> None:
    """Print what is without prints, few documents at a time, so that nobody waits for the lock."""
    for done in range(0, _PRINTS_A_RUN, _PRINTS_A_STEP):
        with work.sessions() as session:
            begin_write(session)
            count = twin_finding.print_documents(session, most=_PRINTS_A_STEP)
            session.commit()
        if count < _PRINTS_A_STEP:
            return
        work.beat(done + count, _PRINTS_A_RUN)
