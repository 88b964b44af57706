"""投诉台账, 咨询台账, 回访登记, 满意度汇总: their columns, their rows, and what the barred don't read."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.domain.case_terms import Channel
from app.domain.ids import new_id
from app.domain.registers import FORMS, RegisterFilter, RegisterKind
from app.models.cases import Case, CaseNotification
from app.models.consultations import Consultation
from app.models.surveys import CallBack, Survey, SurveyAnswer, SurveyInvitation, SurveyVersion
from app.queries.registers import count_rows, register_rows
from tests.cast import EAST, NOW, PEOPLE, actor
from tests.services.casework import make_case

COLUMNS = {
    RegisterKind.COMPLAINTS: "序号 投诉编号 收到时间 接收渠道 投诉人 类型 联系方式 被投诉机构 被投诉人员 保单号/赔案号 险种 业务环节 原因 "
    "投诉请求 主办人 到期日 处理决定 决定日期 告知方式/时间 办理天数 档号 备注",
    RegisterKind.CONSULTATIONS: "序号 咨询编号 时间 渠道 咨询人 联系方式 事项 保单号/赔案号 咨询内容 答复 结果 经办人",
    RegisterKind.CALL_BACKS: "序号 回访编号 回访日期 客户 保单号 回访内容 结果 犹豫期内 录音编号 问题及处理 回访人",
    RegisterKind.SATISFACTION: "机构 问卷 版本 发放 回复 回复率 有效 满意度均分 满意率 非常满意率 净推荐值",
}
CLERK = PEOPLE["clerk"][0]


@pytest.mark.parametrize("kind", list(COLUMNS))
def test_a_form_has_its_columns_in_their_order(kind: RegisterKind) -> None:
    assert [heading for heading, _, _ in FORMS[kind].columns] == COLUMNS[kind].split()


def printed(session: Session, kind: RegisterKind, who: str = "manager", **wanted: object) -> list[list[str]]:
    filters = RegisterFilter(**wanted)  # type: ignore[arg-type]
    reader = actor(session, who)
    rows = [list(row) for row in register_rows(session, reader, kind, filters)]
    assert count_rows(session, reader, kind, filters) == len(rows)
    return rows


def decided_case(session: Session) -> Case:
    case = make_case(
        session,
        actor(session, "clerk"),
        handler_id=CLERK,
        received_at=NOW - timedelta(days=10),
        channel=Channel.HOTLINE,
        forward_number="12378-77",
        accused_branch_id=EAST,
        line="participating",
    )
    case.outcome, case.decided_at, case.days_taken = "partly", NOW, 10
    session.add(
        CaseNotification(
            id=new_id(), case_id=case.id, about="decision", channel="post", told_at=NOW, receiver="", recorded_at=NOW
        )
    )
    session.flush()
    return case


def test_a_complaint_stands_in_its_register_masked_with_what_was_decided(session: Session) -> None:
    case = decided_case(session)

    (row,) = printed(session, RegisterKind.COMPLAINTS)

    assert row[:4] == ["1", case.number, "20261112", "12378转办"]
    assert row[4] == "申屠**"
    assert row[6] == "139****0001"
    assert row[7] == "江东分公司"
    assert row[10] == "分红"
    assert row[13:20] == [
        "请求退还首期保费。",
        "业务甲",
        "20261127",
        "部分支持",
        "20261122",
        "邮寄 20261122",
        "10",
    ]


def test_who_is_barred_prints_the_register_without_the_case(session: Session) -> None:
    make_case(session, actor(session, "clerk"), accused_name=PEOPLE["manager"][1])

    assert printed(session, RegisterKind.COMPLAINTS) == []
    assert len(printed(session, RegisterKind.COMPLAINTS, "archivist")) == 1


def test_a_register_of_complaints_is_narrowed_to_days(session: Session) -> None:
    decided_case(session)

    assert printed(session, RegisterKind.COMPLAINTS, until=date(2026, 11, 11)) == []
    assert len(printed(session, RegisterKind.COMPLAINTS, since=date(2026, 11, 12), until=date(2026, 11, 12))) == 1


def test_a_consultation_stands_in_its_register_and_goes_with_a_barred_case(session: Session) -> None:
    case = make_case(session, actor(session, "clerk"), accused_name=PEOPLE["manager"][1])
    for number, case_id in (("ZX2026-000001", None), ("ZX2026-000002", case.id)):
        session.add(
            Consultation(
                id=new_id(),
                number=number,
                branch_id=EAST,
                channel="call",
                asked_at=NOW,
                asker="王芳",
                phone="13900000001",
                about="product",
                topic="surrender",
                product="安康重疾险",
                question="退保能拿回多少？",
                answer="按现金价值表。",
                case_id=case_id,
                result="complaint" if case_id else "answered",
                logged_by=CLERK,
                logged_at=NOW,
                updated_at=NOW,
            )
        )
    session.flush()

    (row,) = printed(session, RegisterKind.CONSULTATIONS)

    expected = (
        "1 ZX2026-000001 20261122 来电 王* 139****0001 产品 安康重疾险 退保能拿回多少？ 按现金价值表。 已答复 业务甲"
    )
    assert row == expected.split(" ")
    assert len(printed(session, RegisterKind.CONSULTATIONS, "archivist")) == 2


def invite(session: Session, *, overall: int | None = None, nps: int | None = None) -> SurveyInvitation:
    """Ask one customer; with a score he has answered."""
    version = session.get(SurveyVersion, 1)
    if version is None:
        session.add(Survey(id=1, code="t", title="柜面服务", purpose="visit", branch_id=1, created_at=NOW))
        session.flush()
        session.add(SurveyVersion(id=1, survey_id=1, ordinal=1, state="published", questions=[], changed_at=NOW))
        session.flush()
    invitation = SurveyInvitation(
        id=new_id(),
        number=f"HF2026-{new_id()}"[:24],
        survey_id=1,
        version_id=1,
        branch_id=EAST,
        purpose="visit",
        means="phone",
        state="open" if overall is None else "answered",
        made_at=NOW,
        expires_at=NOW,
    )
    session.add(invitation)
    session.flush()
    if overall is not None:
        session.add(
            SurveyAnswer(
                id=new_id(),
                invitation_id=invitation.id,
                survey_id=1,
                version_id=1,
                branch_id=EAST,
                answered_at=NOW,
                overall=overall,
                nps=nps,
            )
        )
        session.flush()
    return invitation


def test_every_try_to_call_back_has_its_row(session: Session) -> None:
    invitation = invite(session)
    for result, minutes in (("no_answer", 0), ("done", 5)):
        session.add(
            CallBack(
                id=new_id(),
                invitation_id=invitation.id,
                result=result,
                called_at=NOW + timedelta(minutes=minutes),
                within_cooling_off=True,
                recording="R-1",
                called_by=CLERK,
            )
        )
    session.flush()

    rows = printed(session, RegisterKind.CALL_BACKS)

    assert [row[6] for row in rows] == ["未接通", "成功"]
    assert rows[0][7:] == ["是", "R-1", "", "业务甲"]


def test_rates_of_fewer_than_thirty_answers_are_not_printed(session: Session) -> None:
    for _ in range(29):
        invite(session, overall=5, nps=10)
    invite(session)

    (row,) = printed(session, RegisterKind.SATISFACTION)
    assert row[3:] == ["30", "29", "96.7%", "29", "样本不足", "样本不足", "样本不足", "样本不足"]

    invite(session, overall=1, nps=0)
    (row,) = printed(session, RegisterKind.SATISFACTION)
    assert row[3:] == ["31", "30", "96.8%", "30", "4.87", "96.7%", "96.7%", "+93.3"]
