"""Who may not borrow 停借: the list, stopping somebody, letting him borrow again."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.blueprints.borrowing.forms import BlockForm
from app.blueprints.borrowing.screen import screen
from app.domain.errors import Invalid, NotAllowed, WrongState
from app.domain.policy import Action
from app.queries.borrower_blocks import list_blocks as read_blocks
from app.services import borrower_blocks as services
from app.services import idempotency
from app.web.access import requires
from app.web.clock import now, today
from app.web.identity import the_actor
from app.web.sentences import SENTENCES, trouble_of
from app.web.transactions import reading, writing


@screen.get("/borrowing/blocks")
@requires(Action.LOAN_DESK)
def list_blocks() -> Response:
    """Show who may not borrow."""
    return _page(BlockForm())


@screen.post("/borrowing/blocks")
@requires(Action.LOAN_DESK)
def add_block() -> Response:
    """Stop somebody from borrowing."""
    form = BlockForm.from_request()
    if form.validate():
        try:
            _add(form)
            return redirect(url_for(".list_blocks"), 303)
        except Invalid as invalid:
            form.blame(invalid, SENTENCES)
        except NotAllowed:
            # Somebody of another branch is as unknown here as somebody who does not exist.
            form.blame(Invalid.field("username", "block.nobody"), SENTENCES)
    return _page(form)


@screen.post("/borrowing/blocks/<id:block_id>/lift")
@requires(Action.LOAN_DESK)
def lift_block(block_id: int) -> Response:
    """Let somebody borrow again."""
    try:
        with writing() as session:
            services.lift_block(session, the_actor(), block_id, now=now())
    except WrongState as trouble:
        return _page(BlockForm(), trouble)
    flash(_("已解除停借。"), "ok")
    return redirect(url_for(".list_blocks"), 303)


def _page(form: BlockForm, trouble: WrongState | None = None) -> Response:
    rows = read_blocks(reading(), the_actor(), today=today())
    page = render_template(
        "borrowing/list_blocks.html",
        rows=rows,
        form=form,
        own=the_actor().account_id,
        trouble=trouble_of(trouble),
    )
    return make_response(page, 409 if trouble else 422 if form.errors else 200)


def _add(form: BlockForm) -> None:
    actor, key = the_actor(), str(form.idempotency_key.data)
    with writing() as session:
        if idempotency.claim(session, actor, key, now=now()) is None:
            services.block_borrower(session, actor, form.typed(), now=now(), today=today())
            idempotency.settle(session, actor, key, url_for(".list_blocks"))
    flash(_("已停借。"), "ok")
