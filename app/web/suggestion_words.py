"""Why something is suggested, what contradicts, and how a paper may be a second copy: as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.ids import encode_id
from app.services.suggesting import Offer
from app.services.twins import TwinView

_WHY: dict[str, Any] = {
    "kind.words": _l("纸上有“%(words)s”"),
    "kind.both": _l("纸上有“%(words)s”，以往同类材料也归在这里"),
    "kind.learnt": _l("以往文字相近的材料归在这里"),
    "category.of_kind": _l("按单证类型“%(words)s”"),
    "customer.identity": _l("纸上的证件号码与该客户一致"),
    "customer.policy": _l("纸上的保单号属于该客户"),
    "customer.claim": _l("纸上的赔案号属于该客户"),
    "customer.phone": _l("纸上的电话与该客户一致"),
    "customer.account": _l("纸上的账号与该客户一致"),
    "customer.name": _l("姓名相同，请核对证件号码"),
    "policy.number": _l("纸上的保单号"),
    "policy.application": _l("纸上的投保单号"),
    "policy.only_one": _l("该客户只有这一份保单，请核对"),
    "claim.number": _l("纸上的赔案号"),
    "claim.report": _l("纸上的报案号"),
    "title.pattern": _l("按题名格式拼出"),
    "author.customer": _l("由客户填写的材料"),
    "author.head": _l("取自抬头"),
    "author.found": _l("取自正文"),
    "date.signed": _l("签名处的日期"),
    "date.labelled": _l("纸上标明的日期"),
    "date.found": _l("纸上出现的日期，请核对"),
    "keywords.found": _l("单证类型和纸上的险种、事由"),
    "number.labelled": _l("纸上的“%(words)s”"),
    "amount.words": _l("%(words)s，大小写一致"),
    "amount.found": "%(words)s",
    "identity.checked": _l("校验码正确"),
    "identity.fails": _l("校验码不符，请看原件"),
    "identity.old": _l("15 位旧号码，没有校验码"),
    "mismatch.identity": _l("纸上的证件号码 %(value)s 与所选客户的 %(words)s 不一致，请核对客户。"),
    "mismatch.name": _l("纸上的姓名 %(value)s 与所选客户 %(words)s 不一致，请核对客户。"),
    "person.identity": _l("纸上的证件号码 %(value)s 不是所选客户本人的，保单属于该客户，请确认是被保险人或受益人。"),
    "person.name": _l("纸上的姓名 %(value)s 不是所选客户本人，保单属于该客户，请确认是被保险人或受益人。"),
    "mismatch.policy": _l("纸上的保单 %(value)s 不属于所选客户，请核对客户。"),
    "mismatch.claim": _l("纸上的赔案 %(value)s 不属于所选客户，请核对客户。"),
}
_TELLING = frozenset({"mismatch", "other_person", "amount", "identity"})
_REPAIRED = _l("有一个字符按形近数字改读")
FIELDS: dict[str, Any] = {
    "paper_type_id": _l("单证类型"),
    "category_id": _l("分类"),
    "customer_id": _l("客户"),
    "policy_id": _l("保单"),
    "claim_id": _l("赔案"),
    "title": _l("题名"),
    "author": _l("责任者"),
    "document_number": _l("文号"),
    "formed_on": _l("形成日期"),
    "keywords": _l("主题词"),
    "amount": _l("金额"),
    "identity": _l("证件号码"),
}
TWIN_KINDS: dict[str, Any] = {
    "same_file": _l("同一个文件"),
    "same_page": _l("同一页再次扫描"),
    "same_form": _l("该客户同一天已有同类单证"),
}
DECISIONS: dict[str, Any] = {
    "drop": _l("已按重复件弃置"),
    "new_version": _l("已作为新版本收入"),
    "keep": _l("已确认不是重复件"),
}


def why_words(offer: Offer | None) -> str:
    """Return why something is suggested, in a sentence; for a contradiction, what contradicts."""
    if offer is None:
        return ""
    words = "”“".join(offer.details) if offer.code.startswith("kind.") else _more(offer)
    sentence = str(_WHY[offer.code]) % {"words": words, "value": offer.value} if offer.code in _WHY else ""
    return f"{sentence}{_('；')}{_REPAIRED}" if "repaired" in offer.details else sentence


def _more(offer: Offer) -> str:
    """Return the details of an offer, or for a customer nothing: what else speaks for him is told by `also`."""
    return "" if offer.code.startswith("customer.") else _("、").join(offer.details)


def also(offer: Offer) -> str:
    """Return what else speaks for a customer."""
    known = [str(_WHY[code]) for code in offer.details if code in _WHY]
    return _("另：%(what)s", what=_("；").join(known)) if known and offer.code.startswith("customer.") else ""


def others(offers: Iterable[Offer]) -> list[Offer]:
    """Return the offers that stand in no field by themselves: second thoughts, and what is not sure."""
    shown: set[str] = set()
    found = []
    for offer in offers:
        if offer.field in _TELLING or offer.state != "offered":
            continue
        if offer.is_sure and offer.field not in shown:
            shown.add(offer.field)
        else:
            found.append(offer)
    return found


def lies_beside(twins: Sequence[TwinView], wanted: str) -> TwinView | None:
    """Return the other paper that is shown beside this one: the one asked for, else the first that nobody decided on."""
    shown = [twin for twin in twins if twin.may_show_pages]
    asked = next((twin for twin in shown if encode_id(twin.id) == wanted), None)
    return asked or next((twin for twin in shown if not twin.decision and twin.kind != "same_form"), None)


def told_words(offers: Sequence[Offer], twins: Sequence[TwinView], wanted: str) -> dict[str, Any]:
    """Return what the partial pages of suggestions and twins are drawn from; `wanted` is the twin to lie beside."""
    return {
        "why": why_words,
        "also": also,
        "others": others(offers),
        "suggestion_fields": FIELDS,
        "twins": twins,
        "beside": lies_beside(twins, wanted),
        "twin_kinds": TWIN_KINDS,
        "decisions": DECISIONS,
    }
