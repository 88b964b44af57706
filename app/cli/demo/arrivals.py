"""Papers that have just come in: batches at every step, what agents sent, what is owed; made by the portal's own services."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.cli.demo.company import Company
from app.cli.demo.pages import page_texts
from app.cli.demo.papers import Drawn, Paper, Scheme, choose_papers, draw
from app.domain.actor import Actor
from app.domain.completeness import LineState
from app.domain.intake import Business, ItemState, Source
from app.domain.intake_desk import TypedItem
from app.domain.office_time import office_day
from app.models.documents import Category, Document
from app.models.intake import CheckedItem, IntakeBatch, IntakeFile, IntakeItem, IntakePage, PaperType, Submission
from app.models.policies import Policy
from app.ports import Tools
from app.queries.actors import actor_of_account
from app.queries.completeness import checklist
from app.queries.submissions import read_lines
from app.services.batch_checks import begin_check, end_check, file_some, hand_in, judge_item
from app.services.documents import DrawnPage, ReceivedFile
from app.services.intake import keep_drawn, open_batch, receive_into
from app.services.intake_accepting import accept_item
from app.services.intake_returning import return_item
from app.services.intake_steps import pages_of
from app.services.missing import file_without
from app.services.submission_pages import Photo, add_page
from app.services.submissions import NewSubmission, create_submission, submit
from app.services.suggesting import suggest
from app.services.twin_finding import find_twins

READER, SCORE = "rapidocr 3.10 PP-OCRv6-small", 0.97
TITLES = ("十一月上旬新单", "理赔材料", "保全变更件", "柜面收件")
DEVICES = ("柯尼卡美能达 C250i", "富士通 fi-8170")


class Arrivals:
    """Brings papers in at one branch."""

    def __init__(
        self, session: Session, tools: Tools, rng: Random, company: Company, branch_id: int, *, now: datetime
    ) -> None:
        self.session, self.tools, self.rng, self.now = session, tools, rng, now
        self.archivist = self._actor(company.archivists[branch_id][0])
        self.checker = self._actor(company.managers[branch_id][0])
        self.branch_id = branch_id
        self.types = {code: key for key, code in session.execute(select(PaperType.id, PaperType.code))}

    def bring(self, papers: Sequence[Paper]) -> None:
        """Lay the papers out: half of them wait at the desk, one scanned twice; the others are catalogued and checked."""
        half = max(1, len(papers) // 2)
        again = next((paper for paper in papers[:half] if paper.form != "text"), papers[0])
        self._batch([*papers[:half], replace(again, scan=1)], catalogue=False, hours=2)
        self._batch(papers[half : half + max(1, half // 2)], catalogue=True, hours=26)
        self._accept(self._batch(papers[half + max(1, half // 2) :], catalogue=True, hours=75))

    def _batch(self, papers: Sequence[Paper], *, catalogue: bool, hours: int) -> int | None:
        if not papers:
            return None
        at = self.now - timedelta(hours=hours)
        batch_id = open_batch(
            self.session, self.archivist, self.branch_id, Source.UPLOAD, title=self.rng.choice(TITLES), now=at
        )
        batch = self.session.get_one(IntakeBatch, batch_id)
        batch.scanned_by, batch.device = self.archivist.full_name, self.rng.choice(DEVICES)
        batch.scanned_on, batch.dpi, batch.colour, batch.format = office_day(at), 200, "colour", "PDF"
        for number, paper in enumerate(papers):
            item = self._receive(batch_id, paper, at + timedelta(minutes=number))
            if catalogue and item is not None:
                self._catalogue(item, paper, at + timedelta(minutes=30 + number))
        if catalogue:
            hand_in(self.session, self.archivist, batch_id, now=at + timedelta(hours=1))
        return batch_id

    def _receive(self, batch_id: int, paper: Paper, at: datetime) -> IntakeItem:
        """Receive a paper as the scanner sends it, its pages read; what people are shown is made when the portal runs."""
        drawn = draw(paper)
        file = ReceivedFile(
            self.tools.files.put(io.BytesIO(drawn.original)), drawn.name, drawn.media_type, len(drawn.pages)
        )
        item_id = receive_into(self.session, self.archivist, batch_id, file, now=at)
        self.session.flush()
        pages = list(self._pages(drawn, paper))
        keep_drawn(self.session, self._file_of(item_id), item_id, pages, now=at)
        for page in pages_of(self.session, item_id):
            page.work_state, page.reader, page.score = "done", READER, SCORE
        suggest(self.session, item_id, model=None, sorter=self.tools.sorter, now=at)
        find_twins(self.session, item_id, now=at)
        item = self.session.get_one(IntakeItem, item_id)
        item.state, item.is_suggested = ItemState.READY.value, True
        self.session.flush()
        return item

    def _file_of(self, item_id: int) -> int:
        batch = select(IntakeItem.batch_id).where(IntakeItem.id == item_id).scalar_subquery()
        newest = select(IntakeFile.id).where(IntakeFile.batch_id == batch, IntakeFile.state == "waiting")
        return self.session.scalars(newest).one()

    def _pages(self, drawn: Drawn, paper: Paper) -> Iterator[DrawnPage]:
        """Yield the pages with the words that stand on them, as the reader would have read them."""
        texts = page_texts(paper.kind, replace(paper.file.facts, on=paper.row["formed_on"]), Random(paper.seed))
        for number, (image, thumbnail, width, height, _) in enumerate(drawn.pages, start=1):
            text = texts[number - 1] if number <= len(texts) else ""
            files = self.tools.files
            yield DrawnPage(number, width, height, files.put(io.BytesIO(image)), files.put(io.BytesIO(thumbnail)), text)

    def _catalogue(self, item: IntakeItem, paper: Paper, at: datetime) -> None:
        row = paper.row
        typed = TypedItem(
            customer_id=row["customer_id"],
            policy_id=row["policy_id"],
            claim_id=row["claim_id"],
            paper_type_id=self.types[paper.kind],
            category_id=row["category_id"],
            title=row["title"],
            author=paper.file.customer["name"],
            formed_on=row["formed_on"],
            keywords=row["keywords"],
            level=min(3, row["level"]),
            period=row["period"],
            is_original=row["is_original"],
        )
        accept_item(self.session, self.archivist, item.id, typed, version=item.version, now=at, today=office_day(at))

    def _accept(self, batch_id: int | None) -> None:
        """Let the manager check a batch and accept it."""
        if batch_id is None:
            return
        at = self.now - timedelta(hours=70)
        check_id = begin_check(self.session, self.checker, batch_id, now=at)
        for item_id in self.session.scalars(select(CheckedItem.item_id).where(CheckedItem.check_id == check_id)).all():
            judge_item(self.session, self.checker, check_id, item_id, good=True, defects=(), now=at)
        end_check(self.session, self.checker, check_id, note="清楚、齐全", now=at)
        while file_some(self.session, self.checker, check_id, now=at, today=office_day(at)):
            pass

    def send_in(self, agent_id: int, papers: Sequence[Paper]) -> None:
        """Let an agent send papers of his customers in: a draft, one handed in, one that came back."""
        agent = self._actor(agent_id)
        for paper, step in zip(papers, ("draft", "submitted", "returned"), strict=False):
            at = self.now - timedelta(hours=5 + self.rng.randrange(40))
            claim_id = paper.row["claim_id"]
            business = Business.CLAIM if claim_id else Business.APPLICATION
            about = NewSubmission(business.value, paper.row["policy_id"], claim_id)
            submission_id = create_submission(self.session, agent, paper.row["customer_id"], about, now=at)
            drawn = draw(paper)
            page = next(self._pages(drawn, paper))
            file = ReceivedFile(self.tools.files.put(io.BytesIO(drawn.original)), drawn.name, drawn.media_type, 1)
            add_page(self.session, agent, submission_id, paper.kind, Photo(file, page), now=at)
            if step != "draft":
                self._hand_in(agent, submission_id, at)
            if step == "returned":
                self._give_back(submission_id, at + timedelta(hours=2))

    def _hand_in(self, agent: Actor, submission_id: int, at: datetime) -> None:
        submission = self.session.get_one(Submission, submission_id)
        lines = read_lines(self.session, submission, today=office_day(at))
        reasons = {line.key: "客户稍后补交" for line in lines}
        submit(self.session, agent, submission_id, reasons, version=submission.version, now=at, today=office_day(at))
        for page in self.session.scalars(
            select(IntakePage)
            .join(IntakeItem, IntakeItem.id == IntakePage.item_id)
            .where(IntakeItem.submission_id == submission_id)
        ):
            page.work_state, page.reader, page.score = "done", READER, SCORE

    def _give_back(self, submission_id: int, at: datetime) -> None:
        item = self.session.scalars(select(IntakeItem).where(IntakeItem.submission_id == submission_id)).first()
        if item is None:
            return
        page = pages_of(self.session, item.id)[0]
        refusals = {page.id: "右下角没有拍到，请把整张纸放进画面再拍"}
        return_item(self.session, self.archivist, item.id, refusals, version=item.version, now=at)

    def _actor(self, account_id: int) -> Actor:
        actor = actor_of_account(self.session, account_id, now=self.now)
        if actor is None:
            raise LookupError("an account of the demo is missing")
        return actor


def bring_in(
    session: Session, tools: Tools, rng: Random, company: Company, papers: Sequence[Paper], count: int, *, now: datetime
) -> None:
    """Bring about `count` papers in, shared among the branches; what filed papers are is told, and what some files lack."""
    name_kinds(session, papers)
    scheme = _scheme(session)
    by_branch: dict[int, list[Paper]] = {}
    for paper in papers:
        by_branch.setdefault(paper.row["branch_id"], []).append(paper)
    branches = [branch_id for branch_id in by_branch if company.archivists.get(branch_id)]
    for branch_id in branches:
        arrivals = Arrivals(session, tools, rng, company, branch_id, now=now)
        arrivals.bring(_fresh(rng, by_branch[branch_id], scheme, max(3, count // len(branches)), now))
        for agent_id in company.agents.get(branch_id, ())[:1]:
            own = [paper for paper in by_branch[branch_id] if paper.file.customer["agent_id"] == agent_id]
            arrivals.send_in(agent_id, _fresh(rng, own, scheme, 3, now))
        owe_some(session, rng, arrivals.archivist, branch_id, 6, now=now)
        session.commit()


def owe_some(session: Session, rng: Random, archivist: Actor, branch_id: int, count: int, *, now: datetime) -> None:
    """File some policies of a branch without papers that their checklist asks for; some of them are overdue."""
    wanted = select(Policy.id).where(Policy.branch_id == branch_id).order_by(Policy.id).limit(count)
    for policy_id in session.scalars(wanted).all():
        at = now - timedelta(days=rng.randrange(1, 60))
        business = Business.APPLICATION.value
        found = checklist(session, business=business, policy_id=policy_id, today=office_day(at))
        lacking = [line.paper_type_id for line in found.lines if line.state is LineState.MISSING][:2]
        if lacking:
            file_without(
                session,
                archivist,
                policy_id=policy_id,
                business=business,
                paper_type_ids=lacking,
                reason=rng.choice(("客户出差，约定补交", "原件在总公司，待寄回", "代理人漏收")),
                now=at,
                today=office_day(at),
            )


def name_kinds(session: Session, papers: Sequence[Paper]) -> None:
    """Write on each document which kind of paper it is."""
    types = {code: key for key, code in session.execute(select(PaperType.id, PaperType.code))}
    ids: dict[int, list[int]] = {}
    for paper in papers:
        ids.setdefault(types[paper.kind], []).append(paper.row["id"])
    for type_id, document_ids in ids.items():
        for start in range(0, len(document_ids), 500):
            chosen = Document.id.in_(document_ids[start : start + 500])
            session.execute(update(Document).where(chosen).values(paper_type_id=type_id))


def _fresh(rng: Random, papers: Sequence[Paper], scheme: dict[str, Scheme], count: int, now: datetime) -> list[Paper]:
    """Return papers that come in now for customers who are there, each of another kind than the customer has."""
    found: list[Paper] = []
    for known in rng.sample(papers, min(len(papers), count * 2)):
        if known.row["level"] > 3 or known.file.customer["level"] > 2:
            continue
        chosen = list(choose_papers(rng, known.file, scheme, 1, now=now))
        found += [paper for paper in chosen if paper.row["level"] <= 3]
        if len(found) >= count:
            break
    return found[:count]


def _scheme(session: Session) -> dict[str, Scheme]:
    rows = session.execute(
        select(Category.id, Category.code, Category.series, Category.default_level, Category.default_period)
    )
    return {code: Scheme(key, series, level, period) for key, code, series, level, period in rows}
