"""What the sorter learns from: what people said that papers are. Retrained at night, taken into use only when not worse.

A fifth of the confirmations, chosen by a keyed hash and for good, is never learnt from; on these a new version is compared with the
one in force, rules counted in for both, as people meet them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.actor import Actor
from app.domain.ids import new_id
from app.domain.paper_rules import guess
from app.domain.sorting import blend
from app.models.documents import Document, DocumentVersion, Page
from app.models.fields import field_cipher
from app.models.intake import Confirmation, PaperType, SorterModel
from app.ports import FileStore, StoredBlob, TextSorter
from app.services import trail
from app.services.evidence import keep_blob

_HELD_OUT = 5  # one in so many is never learnt from
FEWEST = 30  # confirmations before anything is learnt
_MOST = 4000  # the newest are learnt from
_MOST_HELD_OUT = 1000
_PURPOSE = b"sorting.held_out"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text and what a person said that it is."""

    text: str
    code: str


@dataclass(frozen=True, slots=True)
class Material:
    """Everything for one round of learning, gathered before the long work begins."""

    learnt_from: tuple[Sample, ...]
    held_out: tuple[Sample, ...]
    in_force: str | None  # the blob of the model in force
    confirmations: int


@dataclass(frozen=True, slots=True)
class Learnt:
    """A new version, and how it and the one in force did on the confirmations that neither saw."""

    model: bytes
    accuracy: float
    former_accuracy: float

    @property
    def is_better(self) -> bool:
        """Say whether it may be taken into use: never worse than what is."""
        return self.accuracy >= self.former_accuracy


def note_confirmation(
    session: Session, document: Document, *, suggested_id: int | None, actor: Actor | None, now: datetime
) -> None:
    """Write down what a person said that a paper is; said again, the latest word counts."""
    if document.paper_type_id is None:
        return
    known = session.scalar(select(Confirmation).where(Confirmation.document_id == document.id))
    if known is None:
        known = Confirmation(id=new_id(), document_id=document.id, is_held_out=is_held_out(document.id))
        session.add(known)
    known.paper_type_id = document.paper_type_id
    known.suggested_id = suggested_id
    known.confirmed_by = actor.account_id if actor else None
    known.confirmed_at = now
    session.flush()


def is_held_out(document_id: int) -> bool:
    """Say whether a paper is for comparing versions only; the same for ever, and foreseeable by nobody."""
    return int(field_cipher().blind(str(document_id), _PURPOSE)[:8], 16) % _HELD_OUT == 0


def model_in_force(session: Session, files: FileStore) -> bytes | None:
    """Return the model that sorts now; None while the rules are alone."""
    digest = _in_force(session)
    return files.read(digest) if digest else None


def gather(session: Session) -> Material | None:
    """Return what there is to learn from; None when it is too little, or nothing was said since the last time."""
    count = session.scalar(select(func.count()).select_from(Confirmation)) or 0
    newest = session.scalar(select(func.max(Confirmation.confirmed_at)))
    last = session.scalar(select(func.max(SorterModel.trained_at)))
    if count < FEWEST or (last is not None and newest is not None and newest <= last):
        return None
    learnt_from = _samples(session, held_out=False, most=_MOST)
    held_out = _samples(session, held_out=True, most=_MOST_HELD_OUT)
    if len({sample.code for sample in learnt_from}) < 2 or not held_out:
        return None
    return Material(learnt_from, held_out, _in_force(session), count)


def learn(material: Material, former: bytes | None, sorter: TextSorter) -> Learnt:
    """Return a new version of the model, compared with the one in force; takes seconds and needs no database."""
    model = sorter.train([one.text for one in material.learnt_from], [one.code for one in material.learnt_from])
    return Learnt(model, accuracy(material.held_out, model, sorter), accuracy(material.held_out, former, sorter))


def accuracy(samples: Sequence[Sample], model: bytes | None, sorter: TextSorter) -> float:
    """Return the share of samples of which rules and model together say what the person said."""
    learnt = sorter.rank(model, [one.text for one in samples]) if model else [[] for _ in samples]
    right = sum(_says(one.text, ranks) == one.code for one, ranks in zip(samples, learnt, strict=True))
    return right / len(samples)


def keep_version(
    session: Session, material: Material, learnt: Learnt, blob: StoredBlob, *, now: datetime
) -> SorterModel:
    """Write a version down; it comes into force when it is not worse, otherwise it is kept as refused."""
    keep_blob(session, blob, now=now)
    former = session.scalar(select(SorterModel).where(SorterModel.state == "in_force").with_for_update())
    if learnt.is_better and former is not None:
        former.state = "former"
    version = SorterModel(
        id=new_id(),
        number=(session.scalar(select(func.max(SorterModel.number))) or 0) + 1,
        state="in_force" if learnt.is_better else "refused",
        blob_digest=blob.digest,
        samples=len(material.learnt_from),
        held_out=len(material.held_out),
        accuracy=learnt.accuracy,
        former_accuracy=learnt.former_accuracy,
        trained_at=now,
    )
    session.add(version)
    session.flush()
    after = {"state": version.state, "accuracy": f"{learnt.accuracy:.3f}", "former": f"{learnt.former_accuracy:.3f}"}
    trail.record(
        session, None, "sorter_learnt", trail.Subject("sorter", version.id, str(version.number)), now=now, after=after
    )
    return version


def put_model(files: FileStore, model: bytes) -> StoredBlob:
    """Put a model into the store and return where it lies."""
    return files.put(BytesIO(model))


def _says(text: str, learnt: Iterable[tuple[str, float]]) -> str:
    found = blend(guess(text), list(learnt))
    return found[0].code if found else ""


def _in_force(session: Session) -> str | None:
    return session.scalar(select(SorterModel.blob_digest).where(SorterModel.state == "in_force"))


def _samples(session: Session, *, held_out: bool, most: int) -> tuple[Sample, ...]:
    """Return the newest confirmations with the texts of the pages that people see of them."""
    chosen = (
        select(Confirmation.document_id, PaperType.code)
        .join(PaperType, PaperType.id == Confirmation.paper_type_id)
        .where(Confirmation.is_held_out.is_(held_out))
        .order_by(Confirmation.confirmed_at.desc(), Confirmation.id)
        .limit(most)
    )
    samples = ((_text(session, document_id), code) for document_id, code in session.execute(chosen).all())
    return tuple(Sample(text, code) for text, code in samples if text.strip())


def _text(session: Session, document_id: int) -> str:
    pages = (
        select(Page.text)
        .join(DocumentVersion, DocumentVersion.id == Page.version_id)
        .join(Document, Document.id == DocumentVersion.document_id)
        .where(Document.id == document_id, DocumentVersion.ordinal == Document.current_version)
        .order_by(Page.number)
    )
    return "\n".join(session.scalars(pages))
