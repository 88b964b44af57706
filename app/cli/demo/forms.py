"""The kinds of paper that the demo can draw: code, title, category, and in which files they fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from app.cli.demo import forms_application as taken_out
from app.cli.demo import forms_bills as bills
from app.cli.demo import forms_care as care
from app.cli.demo import forms_claims as claims
from app.cli.demo import forms_contract as contract
from app.cli.demo import forms_declared as declared
from app.cli.demo import forms_evidence as evidence
from app.cli.demo import forms_identity as identity
from app.cli.demo import forms_medical as medical
from app.cli.demo import forms_outside as outside
from app.cli.demo import forms_servicing as servicing
from app.cli.demo.contracts import Facts
from app.cli.demo.paper import Paper
from app.cli.demo.sheets import Sheet


class UnknownKind(Exception):
    """No paper has this code."""


class Need(StrEnum):
    """What a file must tell of before a kind of paper belongs in it."""

    NOTHING = "nothing"
    LIFE = "a life, health or accident policy"
    TREATMENT = "somebody treated"
    ACCIDENT = "somebody hurt by accident"
    ROAD = "somebody hurt on the road"
    PAYMENT = "a claim paid"
    REFUSAL = "a claim refused"


@dataclass(frozen=True, slots=True)
class FormKind:
    """A kind of paper. `category` is a code of the classification (`app.domain.categories`); a `copy` is never the original."""

    code: str
    title: str
    category: str
    build: Callable[[Facts, Random], Paper]
    copy: bool = False
    needs: Need = Need.NOTHING

    def fits(self, facts: Facts) -> bool:
        """Return whether a file with these facts would hold such a paper."""
        life, claim = facts.policy.product.is_life, facts.claim
        hurt = life or claim.kind in ("人伤", "责任")
        met = {
            Need.NOTHING: True,
            Need.LIFE: life,
            Need.TREATMENT: hurt,
            Need.ACCIDENT: hurt and claim.ailment.accident,
            Need.ROAD: hurt and claim.ailment.traffic,
            Need.PAYMENT: not claim.refusal,
            Need.REFUSAL: bool(claim.refusal),
        }
        return met[self.needs]


KINDS: dict[str, FormKind] = {
    kind.code: kind
    for kind in (
        FormKind("identity_card", "身份证复印件", "11", identity.identity_card, copy=True),
        FormKind("household_register", "户口簿复印件", "11", identity.household_register, copy=True),
        FormKind("business_licence", "营业执照复印件", "11", identity.business_licence, copy=True),
        FormKind("check_up", "体检报告", "14", medical.check_up, needs=Need.LIFE),
        FormKind("financial_questionnaire", "财务问卷", "13", declared.financial_questionnaire, needs=Need.LIFE),
        FormKind("application", "投保单", "22", taken_out.application),
        FormKind("notice", "人身保险投保提示书", "22", taken_out.notice, needs=Need.LIFE),
        FormKind("health_declaration", "健康告知书", "14", declared.health_declaration, needs=Need.LIFE),
        FormKind("transfer_authority", "银行转账授权书", "25", contract.transfer_authority),
        FormKind("delivery_receipt", "保险合同送达回执", "21", contract.delivery_receipt, needs=Need.LIFE),
        FormKind("policy_copy", "保单副本", "21", contract.policy_copy),
        FormKind("endorsement", "批单", "24", servicing.endorsement),
        FormKind("change_request", "保全变更申请书", "24", servicing.change_request),
        FormKind("surrender", "退保申请书", "24", servicing.surrender, needs=Need.LIFE),
        FormKind("claim_request", "理赔申请书", "31", claims.claim_request),
        FormKind("outpatient_record", "门诊病历", "32", medical.outpatient_record, copy=True, needs=Need.TREATMENT),
        FormKind("discharge_summary", "出院小结", "32", medical.discharge_summary, copy=True, needs=Need.TREATMENT),
        FormKind("diagnosis_certificate", "诊断证明", "32", medical.diagnosis_certificate, needs=Need.TREATMENT),
        FormKind("charge_list", "住院费用清单", "32", bills.charge_list, needs=Need.TREATMENT),
        FormKind("invoice", "医疗费发票", "32", bills.invoice, needs=Need.TREATMENT),
        FormKind("accident_report", "事故认定书", "32", evidence.accident_report, copy=True, needs=Need.ROAD),
        FormKind("disability_report", "伤残鉴定书", "32", evidence.disability_report, copy=True, needs=Need.ACCIDENT),
        FormKind("decision_notice", "理赔决定通知书", "33", claims.decision_notice, needs=Need.PAYMENT),
        FormKind("refusal_notice", "拒赔通知书", "34", claims.refusal_notice, needs=Need.REFUSAL),
        FormKind("consultation", "咨询记录单", "41", care.consultation),
        FormKind("complaint", "投诉登记表", "42", care.complaint),
        FormKind("survey", "满意度问卷", "43", care.survey),
        FormKind("credit_report", "信用评估报告", "51", outside.credit_report),
        FormKind("lawyer_letter", "律师函", "52", outside.lawyer_letter),
    )
}


def compose(kind: str, facts: Facts, rng: Random, *, pages: int | None = None) -> tuple[Sheet, ...]:
    """Return the sheets of a paper: as many as it needs, or cut or continued to `pages`.

    Raises `UnknownKind`.
    """
    if kind not in KINDS:
        raise UnknownKind(kind)
    return KINDS[kind].build(facts, rng).sheets(pages)
