"""Numbers in a text: of identity, of organisations, of contracts and claims, of telephones and accounts.

A letter that looks like a digit is read as one, once a number, and only where the check digit then holds; more than that is
reported as unsure and never put right silently. Sources: GB 11643, GB 32100, Luhn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from app.domain.contact_numbers import ContactRefused, check_bank_card
from app.domain.credit_codes import check_credit_code
from app.domain.finds import Find, FindKind, Why, repairs, spaced
from app.domain.identity_facts import IdentityRefused
from app.domain.resident_ids import PROVINCES, read_eighteen, read_fifteen

_DIGIT = r"[0-9OoQDlIi|!ZzSsBb]"
_ALONE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_EIGHTEEN = re.compile(rf"{_ALONE}{_DIGIT}{{17}}[0-9OoQDlIi|!ZzSsBbXx×]{_AFTER}")
_SPACED_EIGHTEEN = re.compile(
    rf"{_ALONE}[0-9]{{6}} (?:[0-9]{{8}} [0-9]{{3}}[0-9Xx]|[0-9]{{4}} [0-9]{{4}} [0-9]{{3}}[0-9Xx]){_AFTER}"
)
_CREDIT = re.compile(rf"{_ALONE}[1-9ANY][0-9A-Za-z|]{{17}}{_AFTER}")
_ID_LABEL = spaced("公民身份号码 公民身份证件编号 身份证号码 身份证号 身份证件号码 证件号码 证件号 身份证")
_CODE_LABEL = spaced("统一社会信用代码 社会信用代码 信用代码")
_LABELLED_ID = re.compile(rf"({_ID_LABEL})[ :\n]{{0,3}}({_DIGIT}{{13,19}}[0-9Xx]?){_AFTER}")
_LABELLED_CODE = re.compile(rf"({_CODE_LABEL})[ :\n]{{0,3}}([0-9A-Za-z]{{16,20}}){_AFTER}")

_LABELS = {
    FindKind.POLICY: "(?<!投)(?<!投 )(?:"
    + spaced("保单号码 保单号 保险单号码 保险单号 保险合同号 合同号码 合同号 保险单")
    + ")",
    FindKind.APPLICATION: spaced("投保单号码 投保单号 投保书号"),
    FindKind.CLAIM: spaced("赔案号码 赔案号 立案号 理赔号 案件号"),
    FindKind.REPORT: spaced("报案号码 报案号"),
    FindKind.ENDORSEMENT: spaced("批单号码 批单号"),
    FindKind.DOCUMENT_NUMBER: spaced(
        "受理号 授权书编号 体检编号 报告编号 投诉编号 票据号码 发票号码 编号 病理号 住院号 门诊号 回执编号 函号"
    ),
}
_LABELLED = {
    kind: re.compile(rf"({label})[ :#№\n]{{0,3}}([A-Za-z]{{0,4}}[0-9OoIl][0-9A-Za-z\-]{{4,30}}){_AFTER}")
    for kind, label in _LABELS.items()
}
# Forms by which a number is known without its label; what an insurer's own numbers look like is a matter of its house.
_FORMS = {
    FindKind.POLICY: re.compile(rf"{_ALONE}(?:P[A-Z]{{3}}[0-9]{{18}}|8[0-9]{{14}}){_AFTER}"),
    FindKind.CLAIM: re.compile(rf"{_ALONE}C20[0-9]{{12}}{_AFTER}"),
    FindKind.REPORT: re.compile(rf"{_ALONE}R20[0-9]{{12}}{_AFTER}"),
    FindKind.ENDORSEMENT: re.compile(rf"{_ALONE}E20[0-9]{{12}}{_AFTER}"),
}
_TOKEN = re.compile(rf"{_ALONE}[A-Z0-9OoIl]{{14,22}}{_AFTER}")
_PREFIX = re.compile(r"[A-Z]{0,4}(?=[0-9OI])")
_OFFICIAL = re.compile(
    r"(?:[0-9A-Z\u3400-\u9fff]{0,16})[(〔\[]20[0-9]{2}[)〕\]][\u3400-\u9fff]{0,8}(?:字|函)? ?第? ?[0-9]{1,8} ?号"
)

_MOBILE = re.compile(r"(?<![0-9A-Za-z.\-])(?:\+?86[ -]?)?(1[3-9][0-9](?:[ -]?[0-9]{4}){2})(?![0-9A-Za-z]|-[0-9])")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z.\-])(0[1-9][0-9]{1,2}-[0-9]{7,8}(?:-[0-9]{1,6})?)(?![0-9A-Za-z])")
_PHONE_LABEL = re.compile(rf"({spaced('移动电话 联系电话 手机号码 手机 新联系电话 电话 联系方式')})[ :\n]{{0,3}}$")
_ACCOUNT = re.compile(
    rf"({spaced('首期交费账户 退费账户 银行账号 银行账户 账号 帐号 卡号 账户')})"
    r"[ :\n]{0,3}(?:[\u3400-\u9fff()]{2,20}[ \n])?([0-9](?:[ ]?[0-9]){11,20})(?![0-9A-Za-z])"
)


def find_identities(text: str, today: date) -> Iterator[Find]:
    """Yield identity numbers and credit codes; `text` must be evened."""
    taken: set[int] = set()
    for pattern in (_EIGHTEEN, _SPACED_EIGHTEEN, _CREDIT):
        for match in pattern.finditer(text):
            find = _eighteen(match[0].replace(" ", ""), match.start(), _label_before(text, match.start()), today)
            if find is not None and match.start() not in taken:
                taken.add(match.start())
                yield find
    for pattern, kind in ((_LABELLED_ID, FindKind.IDENTITY), (_LABELLED_CODE, FindKind.CREDIT_CODE)):
        for match in pattern.finditer(text):
            if match.start(2) not in taken:
                taken.add(match.start(2))
                yield _doubtful(kind, match[2], match.start(2), _plain(match[1]), today)


def find_business_numbers(text: str) -> Iterator[Find]:
    """Yield numbers of policies, applications, claims, reports, endorsements, and of the paper itself."""
    taken: set[int] = set()
    for kind, pattern in _LABELLED.items():
        for match in pattern.finditer(text):
            if match.start(2) not in taken:
                taken.add(match.start(2))
                yield _labelled(kind, match[2], match.start(2), _plain(match[1]))
    for match in _TOKEN.finditer(text):
        if match.start() not in taken:
            yield from _by_form(match[0], match.start())
    for match in _OFFICIAL.finditer(text):
        yield Find(FindKind.DOCUMENT_NUMBER, match[0].replace(" ", ""), "", match.start(), 0.8, (Why.FORM,))


def find_contacts(text: str) -> Iterator[Find]:
    """Yield telephones, which end where their digits end, and accounts."""
    for pattern in (_MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            label = _PHONE_LABEL.search(text, max(0, match.start() - 12), match.start())
            number = re.sub(r"[ ]", "", match[1]) if pattern is _LANDLINE else re.sub(r"[ -]", "", match[1])
            why = (Why.LABEL, Why.FORM) if label else (Why.FORM,)
            yield Find(
                FindKind.PHONE, number, _plain(label[1]) if label else "", match.start(1), 0.95 if label else 0.8, why
            )
    for match in _ACCOUNT.finditer(text):
        yield _account(match[2].replace(" ", ""), match.start(2), _plain(match[1]))


def _eighteen(raw: str, at: int, label: str, today: date) -> Find | None:
    """Return what 18 characters are: a resident's number, else a credit code; None when they look like neither."""
    mended, count = repairs(raw[:17])
    number = mended + raw[17].upper().replace("×", "X").translate(str.maketrans("OQDLI|!ZSB", "0001111258"))
    count += number[17] != raw[17].upper()
    if number[:2] in PROVINCES and number[:17].isdigit() and _holds(number, today):
        return _checked(FindKind.IDENTITY, number, at, label, count)
    code, changes = _as_credit_code(raw)
    if code:
        return _checked(FindKind.CREDIT_CODE, code, at, label, changes)
    looks_right = number[:17].isdigit() and number[:2] in PROVINCES and number[6:8] in ("19", "20")
    if not looks_right or count > 1:
        return None
    why = (Why.LABEL, Why.CHECK_FAILS) if label else (Why.CHECK_FAILS,)
    return Find(FindKind.IDENTITY, number, label, at, 0.4 if label else 0.25, why, checked=False)


def _checked(kind: FindKind, number: str, at: int, label: str, count: int) -> Find:
    labelled = (Why.LABEL,) if label else ()
    if count > 1:
        return Find(kind, number, label, at, 0.3, (*labelled, Why.TOO_MANY_REPAIRS), checked=False)
    if count:
        return Find(kind, number, label, at, 0.85, (*labelled, Why.REPAIRED, Why.CHECKED), checked=True)
    return Find(kind, number, label, at, 0.98, (*labelled, Why.CHECKED), checked=True)


def _holds(number: str, today: date) -> bool:
    try:
        read_eighteen(number, today)
    except IdentityRefused:
        return False
    return True


def _as_credit_code(raw: str) -> tuple[str, int]:
    """Return the credit code that `raw` is, with how many letters were put right; empty when its check fails."""
    upper = raw.upper().replace("|", "1")
    digits = upper[2:8].translate(str.maketrans("OQDLIZSB", "00011258"))
    code = (upper[:2] + digits + upper[8:]).translate(str.maketrans("OISZ", "0152"))
    try:
        check_credit_code(code)
    except IdentityRefused:
        return "", 0
    return code, sum(map(str.__ne__, code, raw.upper()))


def _doubtful(kind: FindKind, raw: str, at: int, label: str, today: date) -> Find:
    """Return what stands after a label and cannot be right, or is an old number of 15 digits, which has no check."""
    number, count = repairs(raw.upper()) if kind is FindKind.IDENTITY else (raw.upper(), 0)
    if kind is FindKind.IDENTITY and len(number) == 15 and not count:
        try:
            read_fifteen(number, today)
        except IdentityRefused:
            pass
        else:
            return Find(kind, number, label, at, 0.7, (Why.LABEL, Why.FORM), checked=None)
    why = Why.CHECK_FAILS if len(number) == 18 else Why.LENGTH
    return Find(kind, number, label, at, 0.2, (Why.LABEL, why), checked=False)


def _labelled(kind: FindKind, raw: str, at: int, label: str) -> Find:
    number, count = _business(raw)
    form = _FORMS.get(kind)
    fits = bool(form and form.fullmatch(number))
    why = (Why.LABEL, *([Why.FORM] if fits else []), *([Why.REPAIRED] if count else []))
    score = (0.97 if fits else 0.85) - 0.25 * min(count, 2)
    return Find(kind, number, label, at, score, why)


def _by_form(raw: str, at: int) -> Iterator[Find]:
    number, count = _business(raw)
    for kind, form in _FORMS.items():
        if form.fullmatch(number) and count <= 1:
            yield Find(kind, number, "", at, 0.8 - 0.2 * count, (Why.FORM, *([Why.REPAIRED] if count else [])))


def _business(raw: str) -> tuple[str, int]:
    """Return a number with look-alikes in its row of digits read as digits: PDAA2O24… → PDAA2024…."""
    upper = raw.replace("l", "1").upper()
    head = _PREFIX.match(upper)
    start = head.end() if head else 0
    tail = upper[start:]
    if sum(mark.isdigit() for mark in tail) < len(tail) - 2:
        return upper, int("l" in raw)
    mended = upper[:start] + tail.translate(str.maketrans("OQDIZSB", "0001258"))
    return mended, sum(map(str.__ne__, mended, raw.upper()))


def _account(number: str, at: int, label: str) -> Find:
    try:
        check_bank_card(number)
    except ContactRefused:
        # Accounts of organisations have no check of their own.
        return Find(
            FindKind.ACCOUNT, number, label, at, 0.5, (Why.LABEL,), checked=False if len(number) == 19 else None
        )
    return Find(FindKind.ACCOUNT, number, label, at, 0.95, (Why.LABEL, Why.CHECKED), checked=True)


_BEFORE = re.compile(rf"({_ID_LABEL}|{_CODE_LABEL})[ :\n]{{0,3}}$")


def _label_before(text: str, at: int) -> str:
    match = _BEFORE.search(text, max(0, at - 24), at)
    return _plain(match[1]) if match else ""


def _plain(label: str) -> str:
    return label.replace(" ", "")
