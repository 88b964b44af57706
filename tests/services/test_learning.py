"""Learning from what people confirmed: a fifth is never learnt from, and no version is taken that is worse."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.adapters.sorter_sklearn import LinearSorter
from app.models.documents import Document, DocumentVersion
from app.models.intake import Confirmation, PaperType, SorterModel
from app.services import learning
from app.services.documents import DrawnPage, ReceivedFile, add_version, keep_pages
from app.services.learning import Learnt, Material, Sample, gather, is_held_out, keep_version, learn, note_confirmation
from tests.cast import NOW, actor
from tests.paper_texts import text_of
from tests.records import make_customer, make_document
from tests.services.papers_in import blob

KINDS = ("surrender", "complaint", "lawyer_letter")


def confirm(session: Session, count: int, kinds: Sequence[str] = KINDS) -> list[int]:
    """Let a person confirm the kinds of `count` papers."""
    customer, who = make_customer(session), actor(session, "archivist")
    types = {row.code: row.id for row in session.scalars(select(PaperType))}
    made = []
    for at in range(count):
        document = session.get_one(Document, make_document(session, customer))
        name = f"{document.id}.pdf"
        add_version(session, who, document.id, ReceivedFile(blob(name), name, "application/pdf", 1), now=NOW)
        version = session.scalars(select(DocumentVersion).where(DocumentVersion.document_id == document.id)).one()
        text = text_of(kinds[at % len(kinds)], at)
        keep_pages(session, version.id, [DrawnPage(1, 9, 9, blob(f"{name}1"), blob(f"{name}2"), text)], now=NOW)
        document.paper_type_id = types[kinds[at % len(kinds)]]
        note_confirmation(session, document, suggested_id=None, actor=who, now=NOW)
        made.append(document.id)
    return made


def test_a_fifth_is_held_out_for_good(session: Session) -> None:
    numbers = range(1, 2001)

    held = [number for number in numbers if is_held_out(number)]

    assert 300 < len(held) < 500
    assert held == [number for number in numbers if is_held_out(number)]
    assert session is not None


def test_the_latest_word_of_a_paper_counts(session: Session) -> None:
    document = session.get_one(Document, confirm(session, 1)[0])
    other = session.scalars(select(PaperType.id).where(PaperType.code == "survey")).one()
    document.paper_type_id = other

    note_confirmation(session, document, suggested_id=other, actor=None, now=NOW)

    assert session.scalars(select(Confirmation)).one().paper_type_id == other


def test_too_little_is_not_learnt_from(session: Session) -> None:
    confirm(session, 5)

    assert gather(session) is None


def test_a_version_is_learnt_compared_and_taken_into_use(session: Session) -> None:
    confirm(session, 45)
    material = gather(session)
    assert material is not None

    learnt = learn(material, None, LinearSorter())
    version = keep_version(session, material, learnt, blob("model"), now=NOW)

    assert version.state == "in_force"
    assert version.accuracy >= (version.former_accuracy or 0)
    assert version.samples + version.held_out == 45
    assert not {sample.text for sample in material.held_out} & {sample.text for sample in material.learnt_from}
    assert gather(session) is None  # nothing was said since


def test_a_version_that_is_worse_is_refused(session: Session) -> None:
    material = Material((Sample("投保单", "application"),), (Sample("投保单", "application"),), None, 30)
    keep_version(session, material, Learnt(b"", 0.9, 0.8), blob("first"), now=NOW)

    keep_version(session, material, Learnt(b"", 0.89, 0.9), blob("second"), now=NOW)
    keep_version(session, material, Learnt(b"", 0.9, 0.9), blob("third"), now=NOW)

    states = {row.number: row.state for row in session.scalars(select(SorterModel))}
    assert states == {1: "former", 2: "refused", 3: "in_force"}


def test_learning_wrong_things_never_makes_it_worse_than_the_rules(session: Session) -> None:
    confirm(session, 1)
    right = tuple(Sample(text_of(kind, seed), kind) for kind in KINDS for seed in range(8))
    turned = dict(zip(KINDS, (*KINDS[1:], KINDS[0]), strict=True))
    wrong = tuple(Sample(sample.text, turned[sample.code]) for sample in right)

    learnt = learn(Material(wrong, right, None, 30), None, LinearSorter())

    assert learnt.former_accuracy == 1.0
    assert not learnt.is_better


def test_a_kind_of_one_s_own_house_is_learnt(session: Session) -> None:
    pairs = [
        Sample(f"内部流转单 编号 经办 第{seed}次 {text_of('complaint', seed)[:40]}", "own_slip") for seed in range(12)
    ]
    pairs += [Sample(text_of("lawyer_letter", seed), "lawyer_letter") for seed in range(12)]
    material = Material(tuple(pairs[::2]), tuple(pairs[1::2]), None, 30)

    learnt = learn(material, None, LinearSorter())

    assert learnt.accuracy > learnt.former_accuracy
    assert session is not None


def test_the_model_in_force_is_read_from_the_store(session: Session) -> None:
    class Files:
        def read(self, digest: str) -> bytes:
            return digest.encode()

    assert learning.model_in_force(session, Files()) is None  # type: ignore[arg-type]
    material = Material((), (), None, 0)
    keep_version(session, material, Learnt(b"", 1.0, 0.0), blob("model"), now=NOW)

    assert learning.model_in_force(session, Files()) == blob("model").digest.encode()  # type: ignore[arg-type]


@pytest.mark.parametrize("accuracy", [0.0, 0.5, 1.0])
def test_as_good_is_good_enough(accuracy: float) -> None:
    assert Learnt(b"", accuracy, accuracy).is_better
