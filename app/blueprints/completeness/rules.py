"""The rules of the checklists: everybody at the desk may read them, the head office's archivist keeps them."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.completeness.days import TITLES
from app.blueprints.completeness.forms import ChangeRuleForm, NewRuleForm, RuleFields
from app.blueprints.completeness.screen import screen
from app.blueprints.completeness.trying import try_rule
from app.domain.completeness import Need
from app.domain.conditions import FACTS
from app.domain.errors import ChangedMeanwhile, Invalid, WrongState
from app.domain.intake import Business
from app.domain.policy import Action
from app.queries import completeness_rules as queries
from app.services import completeness_rules as services
from app.services import idempotency
from app.services.settings import in_force
from app.web.access import requires
from app.web.clock import now, today
from app.web.completeness_labels import LABELS
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/completeness/rules")
@requires(Action.INTAKE_VIEW)
def list_rules() -> str:
    """Show the rules of one business."""
    return _rules_page()


@screen.route("/completeness/rules/new", methods=("GET", "POST"))
@requires(Action.INTAKE_RULES)
def new_rule() -> Response:
    """Add a rule, or see first what it would say."""
    services.require_may_change(reading(), the_actor())
    form = NewRuleForm.from_request()
    form.offer_types(reading())
    tried: Any = None
    if request.method != "POST":
        form.effective_from.data, form.need.data = today(), Need.REQUIRED.value
        form.business.data = request.args.get("business") or Business.APPLICATION.value
        form.copies.data = 1
    elif form.validate():
        try:
            if "try" not in request.form:
                return redirect(_add(form), 303)
            tried = _try(form)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    return _form_page("completeness/new_rule.html", form, tried)


@screen.route("/completeness/rules/<id:rule_id>/edit", methods=("GET", "POST"))
@requires(Action.INTAKE_RULES)
def edit_rule(rule_id: int) -> Response:
    """Give a rule a new text, or see first what it would say."""
    services.require_may_change(reading(), the_actor())
    row = queries.read_rule(reading(), rule_id)
    form = ChangeRuleForm.from_request()
    form.offer_types(reading())
    tried: Any = None
    if request.method != "POST":
        form.show_rule(row)
        form.effective_from.data = max(row.effective_from, today())
    elif form.validate():
        try:
            if "try" not in request.form:
                return redirect(_replace(form, rule_id), 303)
            tried = _try(form)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except WrongState as wrong:
            form.form_errors.append(str(trouble_of(wrong)))
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_rule", rule_id=rule_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    return _form_page("completeness/edit_rule.html", form, tried, row=row)


@screen.post("/completeness/rules/<id:rule_id>/off")
@requires(Action.INTAKE_RULES)
def switch_off(rule_id: int) -> Response:
    """Let a rule end."""
    services.require_may_change(reading(), the_actor())
    text = request.form.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    try:
        with writing() as session:
            services.switch_off(session, the_actor(), rule_id, version=version, now=now(), today=today())
    except WrongState as wrong:
        return make_response(_rules_page(trouble_of(wrong)), 422)
    except ChangedMeanwhile:
        return make_response(_rules_page(_("这条规则刚刚有变化，请核对后再办理。")), 409)
    flash(_("规则已停用，以往的判断保留。"), "ok")
    row = queries.read_rule(reading(), rule_id)
    return redirect(url_for(".list_rules", business=row.business), 303)


def _rules_page(trouble: Any = "") -> str:
    args, session = request.args, reading()
    business = args.get("business", "")
    wanted = queries.RuleFilter(
        business=business if business in set(Business) else Business.APPLICATION.value,
        line=args.get("line", ""),
        claim_kind=args.get("claim_kind", ""),
        is_past=args.get("past") == "1",
    )
    return render_template(
        "completeness/list_rules.html",
        rules=queries.list_rules(session, wanted, today()),
        wanted=wanted,
        days=[(name, title, in_force(session, name)) for name, title in TITLES.items()],
        may_change=queries.may_change_rules(session, the_actor()),
        trouble=trouble,
        labels=LABELS,
    )


def _form_page(template: str, form: RuleFields, tried: Any, **more: Any) -> Response:
    page = render_template(template, form=form, tried=tried, facts=FACTS, labels=LABELS, **more)
    return make_response(page, 422 if form.errors else 200)


def _try(form: RuleFields) -> Any:
    checked = services.check_rule(reading(), form.typed(), today())
    return try_rule(checked, form.number.data or "", today())


def _add(form: NewRuleForm) -> str:
    actor, key = the_actor(), str(form.idempotency_key.data)
    location = url_for(".list_rules", business=form.business.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.add_rule(session, actor, form.typed(), now=now(), today=today())
            idempotency.settle(session, actor, key, location)
    flash(_("已新增规则。"), "ok")
    return location


def _replace(form: ChangeRuleForm, rule_id: int) -> str:
    with writing() as session:
        services.replace_rule(
            session, the_actor(), rule_id, form.typed(), version=form.seen_version(), now=now(), today=today()
        )
    flash(_("新规则已登记，自施行日起适用；以往的判断保留。"), "ok")
    return url_for(".list_rules", business=form.business.data)
