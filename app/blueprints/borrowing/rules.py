"""The rule matrix of borrowing: everybody who borrows may read it, the head office's archivist keeps it."""

from __future__ import annotations

from dataclasses import asdict

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.borrowing.day_settings import TITLES, in_words
from app.blueprints.borrowing.forms import ChangeRuleForm, NewRuleForm
from app.blueprints.borrowing.screen import screen
from app.domain.errors import ChangedMeanwhile, Invalid
from app.domain.policy import Action
from app.models.borrowing import LoanRule
from app.queries import loan_rules as queries
from app.services import idempotency
from app.services import loan_rules as services
from app.services.settings import in_force
from app.web.access import requires
from app.web.clock import now, today
from app.web.conflicts import conflict_page
from app.web.identity import the_actor
from app.web.loan_labels import LABELS
from app.web.sentences import SENTENCES
from app.web.transactions import reading, writing


@screen.get("/borrowing/rules")
@requires(Action.LOAN_VIEW)
def list_rules() -> str:
    """Show the matrix."""
    session = reading()
    return render_template(
        "borrowing/list_rules.html",
        rules=queries.read_rules(session),
        categories=queries.category_names(session),
        days=[(name, title, in_force(session, name)) for name, title in TITLES.items()],
        in_words=in_words,
        may_change=queries.may_change_loan_rules(session, the_actor()),
        labels=LABELS,
    )


@screen.route("/borrowing/rules/new", methods=("GET", "POST"))
@requires(Action.LOAN_RULES)
def new_rule() -> Response:
    """Add a row."""
    services.require_may_change(reading(), the_actor())
    form = NewRuleForm.from_request()
    form.offer_categories(reading())
    if request.method != "POST":
        form.effective_from.data, form.allowed.data, form.active.data = today(), True, True
    elif form.validate():
        try:
            _add(form)
            return redirect(url_for(".list_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
    page = render_template("borrowing/new_rule.html", form=form)
    return make_response(page, 422 if form.errors else 200)


@screen.route("/borrowing/rules/<id:rule_id>/edit", methods=("GET", "POST"))
@requires(Action.LOAN_RULES)
def edit_rule(rule_id: int) -> Response:
    """Change the terms of a row."""
    services.require_may_change(reading(), the_actor())
    rule = queries.read_rule(reading(), rule_id)
    form = ChangeRuleForm.from_request() if request.method == "POST" else ChangeRuleForm(data=_fields(rule))
    if request.method == "POST" and form.validate():
        try:
            _change(form, rule_id)
            flash(_("已保存，今后的申请按新规则办理；已提交的不变。"), "ok")
            return redirect(url_for(".list_rules"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except ChangedMeanwhile as conflict:
            reload_href = url_for(".edit_rule", rule_id=rule_id)
            return make_response(conflict_page(conflict, form, reload_href=reload_href, keep_action=request.path))
    names = queries.category_names(reading())
    page = render_template("borrowing/edit_rule.html", form=form, rule=rule, categories=names, labels=LABELS)
    return make_response(page, 422 if form.errors else 200)


def _fields(rule: LoanRule) -> dict[str, object]:
    return {**asdict(services.rule_of(rule)), "version": rule.version}


def _add(form: NewRuleForm) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.add_rule(session, actor, form.typed(), now=now(), today=today())
            idempotency.settle(session, actor, key, url_for(".list_rules"))
    flash(_("已新增规则。"), "ok")


def _change(form: ChangeRuleForm, rule_id: int) -> None:
    with writing() as session:
        # The case of a row stays what it is, whatever a form says.
        typed = form.rule(role="", category="", level=None, way="")
        version = form.seen_version()
        services.edit_rule(session, the_actor(), rule_id, typed, version=version, now=now(), today=today())
