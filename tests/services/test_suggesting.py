"""What is suggested for a paper: kind, class, customer, policy, title, date; with reasons, and only to who may see it."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy.orm import Session

from app.adapters.sorter_sklearn import LinearSorter
from app.models.intake import IntakeItem, PaperType, Suggestion
from app.services.suggesting import Offer, offered, prefill, suggest
from tests.cast import EAST, EAST_CITY, NOW, actor
from tests.paper_texts import text_of
from tests.records import make_claim, make_customer, make_policy
from tests.services.papers_in import make_batch, make_item

ID = "110101199003077758"
FORM = f"""安 安禾人寿保险股份有限公司
理 赔 申 请 书
报案号： R20260724000196
一、出险人信息
出险人 张敏 性别 女 证件号码 {ID}
保单号 P2026-000123 险种 住院医疗保险
申请人 张敏 与出险人关系 本人 移动电话 13800138000
申请类型 疾病医疗 √ 住院津贴
出险日期 2026年09月01日 申请金额 18,600.00 元
提交资料清单
申请人签名： 张敏 受理人： 刘菊琴
日期： 2026年9月3日"""


def told(session: Session, item_id: int, who: str = "archivist", model: bytes | None = None) -> dict[str, list[Offer]]:
    suggest(session, item_id, model=model, sorter=LinearSorter(), now=NOW)
    found: dict[str, list[Offer]] = {}
    for offer in offered(session, item_id, actor(session, who)):
        found.setdefault(offer.field, []).append(offer)
    return found


def paper(session: Session, text: str = FORM, **fields: object) -> int:
    return make_item(session, make_batch(session), texts=(text,), **fields)  # type: ignore[arg-type]


def test_a_paper_is_told_kind_class_customer_policy_title_and_date(session: Session) -> None:
    customer = make_customer(session, "张敏", id_number=ID, mobile="13800138000")
    policy = make_policy(session, customer)

    found = told(session, paper(session))

    assert found["paper_type_id"][0].value == "理赔申请书"
    assert found["category_id"][0].value == "理赔申请表"
    assert [offer.target_id for offer in found["customer_id"]] == [customer]
    assert found["customer_id"][0].code == "customer.identity"
    assert set(found["customer_id"][0].details) == {"customer.policy", "customer.phone", "customer.name"}
    assert found["customer_id"][0].score > 0.95
    assert [offer.target_id for offer in found["policy_id"]] == [policy]
    assert found["title"][0].value == "张*住院医疗保险理赔申请书"
    assert found["formed_on"][0].value == "2026-09-03"
    assert found["author"][0].value == "张敏"
    assert "mismatch" not in found


def test_a_person_on_the_paper_of_a_firm_is_masked_as_a_person(session: Session) -> None:
    firm = make_customer(session, "安达实业有限公司", kind="organisation")
    make_policy(session, firm)

    found = told(session, paper(session))

    assert [offer.target_id for offer in found["customer_id"]] == [firm]
    assert found["title"][0].value == "张*住院医疗保险理赔申请书"


def test_what_is_sure_is_filled_in_and_what_only_tells_is_not(session: Session) -> None:
    customer = make_customer(session, "张敏", id_number=ID)
    make_policy(session, customer)
    item = paper(session)
    told(session, item)

    filled = prefill(offered(session, item, actor(session, "archivist")))

    assert filled["customer_id"] == customer
    assert filled["formed_on"].isoformat() == "2026-09-03"
    assert session.get_one(PaperType, filled["paper_type_id"]).code == "claim_request"
    assert not {"mismatch", "amount", "identity"} & set(filled)


def test_nothing_of_the_paper_itself_is_changed(session: Session) -> None:
    item = paper(session)
    before = {name: getattr(session.get_one(IntakeItem, item), name) for name in ("customer_id", "title", "version")}

    told(session, item)

    assert {name: getattr(session.get_one(IntakeItem, item), name) for name in before} == before


def test_another_identity_number_than_the_customer_s_is_told_before_filing(session: Session) -> None:
    other = make_customer(session, "李强", id_number="11010519491231002X")

    found = told(session, paper(session, customer_id=other))

    codes = {offer.code for offer in found["mismatch"]}
    assert codes == {"mismatch.identity", "mismatch.name"}
    shown = next(offer for offer in found["mismatch"] if offer.code == "mismatch.identity")
    assert ID not in shown.value
    assert "11010519491231002X" not in "".join(shown.details)


def test_a_policy_of_somebody_else_is_told_before_filing(session: Session) -> None:
    make_policy(session, make_customer(session, "张敏", id_number=ID))
    other = make_customer(session, "张敏", id_number="11010519491231002X")

    found = told(session, paper(session, customer_id=other))

    assert "mismatch.policy" in {offer.code for offer in found["mismatch"]}


def test_the_right_customer_contradicts_nothing(session: Session) -> None:
    customer = make_customer(session, "张敏", id_number=ID)
    make_policy(session, customer)

    found = told(session, paper(session, customer_id=customer))

    assert "mismatch" not in found


def test_another_person_insured_under_the_customer_s_policy_is_told_softly(session: Session) -> None:
    holder = make_customer(session, "李强", id_number="11010519491231002X")
    make_policy(session, holder)

    found = told(session, paper(session, customer_id=holder))

    assert "mismatch" not in found
    assert {offer.code for offer in found["other_person"]} == {"person.identity", "person.name"}


def test_a_misread_character_of_a_longer_name_is_no_mismatch(session: Session) -> None:
    customer = make_customer(session, "欧阳婷")

    found = told(session, paper(session, "投保单\n投保人签名： 欧阳停\n日期：2026年9月3日", customer_id=customer))

    assert "mismatch" not in found


def test_a_customer_out_of_reach_is_not_offered(session: Session) -> None:
    customer = make_customer(session, "张敏", id_number=ID, level=4)
    make_policy(session, customer)
    item = paper(session)
    told(session, item)

    found = {offer.field for offer in offered(session, item, actor(session, "clerk"))}

    assert not found & {"customer_id", "policy_id", "claim_id"}
    assert "paper_type_id" in found


def test_a_name_alone_is_looked_for_at_the_paper_s_own_branch(session: Session) -> None:
    near = make_customer(session, "周小明")
    make_customer(session, "周小明", branch_id=EAST_CITY)

    found = told(session, paper(session, "投保单\n投保人签名： 周小明"))

    assert [offer.target_id for offer in found["customer_id"]] == [near]
    assert found["customer_id"][0].code == "customer.name"
    assert found["customer_id"][0].score < 0.7


def test_namesakes_are_offered_and_none_is_sure(session: Session) -> None:
    both = {make_customer(session, "周小明"), make_customer(session, "周小明")}

    found = told(session, paper(session, "投保单\n投保人签名： 周小明"))

    assert {offer.target_id for offer in found["customer_id"]} == both
    assert not any(offer.is_sure for offer in found["customer_id"])


def test_a_number_whose_check_fails_points_at_nobody(session: Session) -> None:
    make_customer(session, "张敏", id_number=ID)

    found = told(session, paper(session, f"证件号码 {ID[:-1]}9"))

    assert "customer_id" not in found
    assert found["identity"][0].code == "identity.fails"
    assert ID[:-1] not in found["identity"][0].value


def test_a_claim_is_found_by_its_number(session: Session) -> None:
    customer = make_customer(session, "张敏", id_number=ID)
    claim = make_claim(session, make_policy(session, customer), number="C20260900000154")

    found = told(session, paper(session, "理赔决定通知书\n赔案号： C20260900000154\n尊敬的 张敏 女士："))

    assert [offer.target_id for offer in found["claim_id"]] == [claim]
    assert found["customer_id"][0].target_id == customer
    assert found["customer_id"][0].code == "customer.claim"


def test_asked_again_the_old_offers_go_and_what_was_decided_stays(session: Session) -> None:
    item = paper(session)
    told(session, item)
    taken = session.query(Suggestion).filter_by(item_id=item, field="title").one()
    taken.state = "taken"

    found = told(session, item)

    assert [offer.state for offer in found["title"]] == ["taken"]
    assert len(found["paper_type_id"]) == len({offer.value for offer in found["paper_type_id"]})


def test_a_page_with_nothing_on_it_suggests_nothing(session: Session) -> None:
    found = told(session, paper(session, ""))

    assert found == {}
    assert session.query(IntakeItem).one().is_suggested


def test_what_was_learnt_counts_and_says_so(session: Session) -> None:
    kinds = ("surrender", "complaint")
    pairs = [(text_of(kind, seed), kind) for kind in kinds for seed in range(6)]
    model = LinearSorter().train([text for text, _ in pairs], [kind for _, kind in pairs])

    found = told(session, paper(session, text_of("surrender", 9)), model=model)

    assert found["paper_type_id"][0].code == "kind.both"
    assert found["paper_type_id"][0].details


def test_no_number_of_a_customer_lies_in_clear_in_the_rows(session: Session) -> None:
    make_customer(session, "张敏", id_number=ID)
    item = paper(session)

    told(session, item)

    rows = session.connection().exec_driver_sql("select value, why from intake_suggestions").all()
    assert rows
    assert all(ID.encode() not in bytes(cell) and "张敏".encode() not in bytes(cell) for row in rows for cell in row)


@pytest.mark.parametrize("who", ["archivist", "clerk", "manager"])
def test_offers_carry_all_that_a_chip_shows(session: Session, who: str) -> None:
    found = told(session, paper(session), who)

    for offer in (offer for offers in found.values() for offer in offers):
        assert offer.value
        assert 0 < offer.score < 1
        assert "." in offer.code
        assert asdict(offer)["state"] == "offered"
    assert EAST
