"""The figures of the home page as tiles, each leading to the list that it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from app.domain.actor import Actor
from app.domain.policy import Action, scopes
from app.queries.case_inbox import MineFigures
from app.queries.counting import MOST_COUNTED
from app.queries.home import AccountFigures, Figures, TrailFigures
from app.queries.loans import LoanFigures


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its words; `tone` marks what waits."""

    label: str
    value: int | str
    href: str = ""
    tone: str = ""
    hint: str = ""


def business_tiles(actor: Actor, figures: Figures, *, soon: timedelta) -> list[Tile]:
    """Return what somebody who works with customers should see at a glance."""
    expired = _("另有 %(n)s 份已过期", n=_shown(figures.identities_expired)) if figures.identities_expired else ""
    tiles = [
        Tile(pgettext("many", "客户"), figures.customers, url_for("customers.list_customers")),
        Tile(_("有效保单"), _shown(figures.policies_in_force), url_for("policies.list_policies", status="in_force")),
        Tile(_("未结赔案"), _shown(figures.claims_open), url_for("claims.list_claims", status="open")),
        _work(_("待编目"), figures.received, url_for("documents.list_documents", state="received")),
    ]
    if _reaches(actor, "catalogued"):
        catalogued = url_for("documents.list_documents", state="catalogued")
        tiles.append(_work(_("已著录待归档"), figures.catalogued, catalogued))
    if figures.by_hand:
        tiles.append(_work(_("待人工处理"), figures.by_hand, url_for("documents.list_documents", by_hand=1)))
    expiring = url_for("customers.list_customers", paper="soon")
    label = _("证件 %(n)s 天内到期", n=soon.days)
    tiles.append(
        Tile(label, _shown(figures.identities_expiring), expiring, _tone(figures.identities_expiring), expired)
    )
    return tiles


def loan_tiles(figures: LoanFigures) -> list[Tile]:
    """Return what of borrowing waits for somebody: his decisions, and papers that he should bring back."""
    tiles = []
    if figures.to_approve is not None:
        tiles.append(_work(_("待我审批"), figures.to_approve, url_for("borrowing.list_loans", tab="approve")))
    if figures.due:
        late = _("其中 %(n)s 件已逾期", n=_shown(figures.late)) if figures.late else ""
        tone = "seal" if figures.late else _tone(figures.due)
        tiles.append(Tile(_("我的借阅将到期"), _shown(figures.due), url_for("borrowing.list_loans"), tone, late))
    return tiles


def case_tiles(figures: MineFigures, *, to_approve: int | None) -> list[Tile]:
    """Return what of complaints waits for somebody: his open cases, and his decisions."""
    tiles = []
    if figures.open:
        late = _("其中 %(n)s 件已逾期", n=figures.overdue) if figures.overdue else ""
        tone = "seal" if figures.overdue else _tone(figures.soon)
        tiles.append(Tile(_("我的投诉"), figures.open, url_for("casework.show_inbox"), tone, late))
    if to_approve:
        tiles.append(_work(_("投诉待我审批"), to_approve, url_for("casework.list_approvals")))
    return tiles


def account_tiles(figures: AccountFigures) -> list[Tile]:
    """Return what 系统管理员 watches."""
    href = _if_there("admin.list_accounts")
    return [
        Tile(_("使用中的账号"), figures.active, href),
        Tile(_("待激活"), figures.pending, href, _tone(figures.pending)),
        Tile(_("已停用"), figures.disabled, href),
    ]


def grant_tiles(figures: AccountFigures) -> list[Tile]:
    """Return what 安全保密管理员 watches."""
    href = _if_there("admin.list_grants") or _if_there("admin.list_accounts")
    return [
        Tile(_("未授权的账号"), figures.without_role, href, _tone(figures.without_role), _("已建立，还没有角色")),
        Tile(_("使用中的账号"), figures.active, href),
    ]


def trail_tiles(figures: TrailFigures) -> list[Tile]:
    """Return what 安全审计员 watches."""
    href = _if_there("audit.list_trail")
    return [
        Tile(_("今日审计记录"), figures.entries, href),
        Tile(_("今日拒绝"), figures.refused, href, "seal" if figures.refused else ""),
    ]


def _work(label: str, count: int, href: str) -> Tile:
    return Tile(label, _shown(count), href, _tone(count))


def _shown(count: int) -> int | str:
    return f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else count


def _tone(count: int) -> str:
    return "warn" if count else ""


def _reaches(actor: Actor, state: str) -> bool:
    return any(scope.states is None or state in scope.states for scope in scopes(actor, Action.DOCUMENT_VIEW))


def _if_there(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else ""
