"""The rail: the trade's words, each shown to those who may go there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from app.domain.actor import Actor, Role
from app.domain.policy import Action, may_ever


@dataclass(frozen=True, slots=True)
class Place:
    """A screen that the rail leads to."""

    endpoint: str
    label: Any
    action: Action


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the rail."""

    endpoint: str
    label: Any
    href: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """Some lines under a heading."""

    title: Any
    items: tuple[Item, ...]


PLACES: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        "",
        (
            Place("home.show_home", _l("工作台"), Action.HOME),
            Place("customers.list_customers", _l("客户档案"), Action.CUSTOMER_LIST),
            Place("policies.list_policies", _l("保单"), Action.POLICY_VIEW),
            Place("claims.list_claims", _l("赔案"), Action.CLAIM_VIEW),
            Place("documents.list_documents", _l("档案件"), Action.DOCUMENT_VIEW),
            Place("search.find", _l("检索查询"), Action.SEARCH),
        ),
    ),
    (
        _l("收集整理"),
        (
            Place("intake.list_batches", _l("收集整编"), Action.INTAKE_VIEW),
            Place("imports.list_imports", _l("数据导入"), Action.TABLE_IMPORT),
            Place("completeness.list_missing", _l("欠件台账"), Action.MISSING_VIEW),
            Place("volumes.list_volumes", lazy_pgettext("many", "案卷"), Action.VOLUME_VIEW),
        ),
    ),
    (
        _l("我的业务"),
        (
            Place("agent.show_start", _l("材料提交"), Action.SUBMISSION_MAKE),
            Place("agent.list_customers", _l("我的客户"), Action.SUBMISSION_MAKE),
        ),
    ),
    (
        _l("借阅保管"),
        (
            Place("borrowing.list_loans", _l("借阅"), Action.LOAN_VIEW),
            Place("borrowing.show_desk", _l("出纳台"), Action.LOAN_DESK),
            Place("storage.list_places", _l("库房"), Action.STORAGE_VIEW),
            Place("climate.show_climate", _l("温湿度"), Action.STORAGE_VIEW),
            Place("rounds.list_rounds", _l("盘点检查"), Action.STORAGE_VIEW),
            Place("repairs.list_repairs", lazy_pgettext("many", "修复"), Action.STORAGE_VIEW),
            Place("transfers.list_transfers", lazy_pgettext("many", "移交"), Action.TRANSFER_SIGN),
        ),
    ),
    (
        _l("客户服务"),
        (
            Place("casework.list_cases", lazy_pgettext("many", "投诉"), Action.CASE_VIEW),
            Place("consultations.list_consultations", _l("咨询"), Action.CONSULTATION_VIEW),
            Place("surveys.list_surveys", _l("满意度"), Action.SURVEY_VIEW),
            Place("figures.show_figures", _l("统计"), Action.CASE_FIGURES),
            Place("duties.list_duties", _l("服务时限"), Action.POLICY_EDIT),
        ),
    ),
    (
        _l("管理"),
        (
            Place("registers.list_registers", _l("台账打印"), Action.REGISTER_PRINT),
            Place("documents.show_ledger", _l("档号台账"), Action.LEDGER_VIEW),
            Place("catalogue.show_rules", _l("分类与期限"), Action.LEDGER_VIEW),
            Place("completeness.list_rules", _l("单证清单"), Action.INTAKE_VIEW),
            Place("clocks.list_rules", _l("时限规则"), Action.CONSULTATION_VIEW),
        ),
    ),
    (
        _l("系统"),
        (
            Place("admin.list_accounts", _l("账号"), Action.ACCOUNT_VIEW),
            Place("admin.list_branches", lazy_pgettext("many", "机构"), Action.BRANCH_EDIT),
            Place("admin.list_grants", _l("角色授权"), Action.GRANT_VIEW),
            Place("admin.list_resets", _l("登录重置"), Action.SIGN_IN_RESET_CONFIRM),
            Place("audit.list_trail", _l("审计记录"), Action.TRAIL_READ),
        ),
    ),
)


def rail_for(actor: Actor | None) -> tuple[Group, ...]:
    """Return the groups of the rail that `actor` may go to."""
    if actor is None:
        return ()
    groups = (Group(title, tuple(_items(actor, places))) for title, places in PLACES)
    return tuple(group for group in groups if group.items)


def _items(actor: Actor, places: tuple[Place, ...]) -> list[Item]:
    endpoint = request.endpoint or ""
    # An agent's start page is not the house's.
    hidden = {"home.show_home"} if actor.roles == {Role.AGENT} else set[str]()
    return [
        Item(place.endpoint, place.label, _href(place.endpoint), place.endpoint == _current(endpoint))
        for place in places
        if place.endpoint in current_app.view_functions
        and may_ever(actor, place.action)
        and place.endpoint not in hidden
    ]


def _href(endpoint: str) -> str:
    """Return the address of a place, written once: it has no part that changes."""
    known: dict[str, str] = current_app.extensions.setdefault("rail", {})
    if endpoint not in known:
        known[endpoint] = url_for(endpoint)
    return known[endpoint]


@lru_cache(maxsize=1024)
def _current(endpoint: str) -> str:
    """Return the place that is the page at hand, or the one of its blueprint that the page at hand belongs to."""
    blueprint = endpoint.split(".", maxsplit=1)[0]
    siblings = [
        place.endpoint for _, places in PLACES for place in places if place.endpoint.startswith(f"{blueprint}.")
    ]
    if not siblings or endpoint in siblings:
        return endpoint
    # admin.new_grant belongs to admin.list_grants; what names no sibling belongs to the first.
    noun = endpoint.rpartition("_")[2]
    return next((sibling for sibling in siblings if noun in sibling), siblings[0])
