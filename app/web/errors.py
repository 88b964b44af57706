"""One table: error → status → page. A broad catch does not exist here; what nobody named is a 500 and is logged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, Response, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from app.domain import errors as domain
from app.ports import FileTooLarge, IndexUnavailable, StorageFull
from app.web.access import SignInNeeded
from app.web.csrf import ForgedRequest
from app.web.identity import current_actor
from app.web.refusals import note_refusal
from app.web.returning import remember_place
from app.web.sentences import SENTENCES


@dataclass(frozen=True, slots=True)
class Answer:
    """What an error looks like to a person."""

    status: int
    title: Any
    explanation: Any


GONE = Answer(404, _l("找不到这一页"), _l("地址可能写错了，或者您没有权限查看。请从左侧菜单或检索框重新进入。"))
ANSWERS: dict[type[Exception], Answer] = {
    domain.NotFound: GONE,
    domain.NotAllowed: Answer(403, _l("您没有办理这件事的权限"), _l("如工作需要，请联系安全保密管理员调整权限。")),
    domain.WrongState: Answer(409, _l("现在不能这样办"), _l("这份材料的状态已经变化。请返回上一页刷新后再办。")),
    domain.TooManyTries: Answer(429, _l("尝试次数过多"), _l("请稍候再试。")),
    ForgedRequest: Answer(
        403,
        _l("页面已过期"),
        _l("为防止他人冒用，这次提交没有受理。请返回上一页刷新后重新提交，已填内容浏览器会保留。"),
    ),
    FileTooLarge: Answer(413, _l("文件太大"), _l("单个文件超过上限。请分开扫描或降低分辨率后再上传。")),
    StorageFull: Answer(
        507, _l("磁盘空间不足，暂停收件"), _l("没有保存任何内容，已有档案可以照常查看。请联系系统管理员清理磁盘。")
    ),
    IndexUnavailable: Answer(
        503, _l("检索暂时不可用"), _l("索引正在重建，其他功能照常。请稍后再试，或在各列表中筛选。")
    ),
}
BY_STATUS: dict[int, Answer] = {
    400: Answer(400, _l("请求有误"), _l("提交的内容不完整或格式不对。请返回上一页检查后重新提交。")),
    403: ANSWERS[domain.NotAllowed],
    404: GONE,
    405: Answer(405, _l("不能这样访问"), _l("请从页面上的按钮或菜单进入。")),
    413: Answer(413, _l("提交的内容太大"), _l("一次提交超过上限。请减少文件数量或大小后再上传。")),
    415: Answer(415, _l("不支持的格式"), _l("请使用页面上的表单提交。")),
    429: ANSWERS[domain.TooManyTries],
}
BROKEN = Answer(
    500,
    _l("系统出错了"),
    _l("这次操作没有完成，也没有留下一半的数据。请稍后再试；若仍出错，请把发生的时间告诉系统管理员。"),
)
COLLISION = Answer(
    409, _l("刚刚有人登记了同样的内容"), _l("这次没有保存。请刷新后查看已有的那一条，再决定是否还要登记。")
)
BUSY = Answer(503, _l("系统正忙"), _l("数据库正在处理别的写入。请过几秒再试，刚才的内容没有丢失。"))


def init_app(app: Flask) -> None:
    """Register a handler for each row of the table."""
    for error in ANSWERS:
        app.register_error_handler(error, show_known)
    app.register_error_handler(SignInNeeded, ask_to_sign_in)
    app.register_error_handler(domain.StepUpNeeded, ask_for_code)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(SecurityError, refuse_host)
    app.register_error_handler(IntegrityError, show_collision)
    app.register_error_handler(HTTPException, show_http)
    app.register_error_handler(500, show_broken)


def show_known(error: Exception) -> Response:
    """Answer with the row of an error that the table names."""
    answer = next(ANSWERS[kind] for kind in type(error).__mro__ if kind in ANSWERS)
    if isinstance(error, domain.WrongState) and error.code in SENTENCES:
        answer = replace(answer, explanation=SENTENCES[error.code])
    if answer.status == 403:
        note_refusal(error)
    return render_answer(answer)


def show_http(error: HTTPException) -> Response:
    """Answer an error that Werkzeug raised."""
    if error.code is None or 300 <= error.code < 400:
        return make_response(error.get_response())
    response = render_answer(
        BY_STATUS.get(error.code) or Answer(error.code, BY_STATUS[400].title, BY_STATUS[400].explanation)
    )
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.allow.update(error.valid_methods)
    return response


def refuse_host(_error: Exception) -> Response:
    """Answer a request for another host in plain words: no address of ours can be made for it."""
    text = "400 这个地址不属于本系统。请使用管理员给出的地址。 Unknown host.\n"
    return Response(text, 400, mimetype="text/plain")


def show_collision(_error: Exception) -> Response:
    """Answer somebody whom another person overtook by a moment: the database let one of the two in."""
    return render_answer(COLLISION)


def show_busy(error: OperationalError) -> Response:
    """Answer a database that stayed locked with 503; any other fault of it is a 500."""
    if "locked" not in str(error.orig):
        raise error
    return render_answer(BUSY)


def show_broken(_error: Exception) -> Response:
    """Answer what nobody foresaw."""
    return render_answer(BROKEN)


def ask_to_sign_in(_error: Exception) -> Response:
    """Send somebody without a session to the sign-in; htmx goes there as a whole page."""
    return _send_to("auth.sign_in", 401)


def ask_for_code(_error: Exception) -> Response:
    """Send somebody to give a fresh code first, and back afterwards."""
    return _send_to("auth.step_up", 401)


def render_answer(answer: Answer) -> Response:
    """Return the page, or the fragment for htmx, of an answer."""
    actor = current_actor() if answer.status != 500 else None
    page = render_template(
        "errors/error.html",
        status=answer.status,
        title=answer.title,
        explanation=answer.explanation,
        action_href="/" if actor else url_for("auth.sign_in"),
        action_label=_l("回到工作台") if actor else _l("去登录"),
        **({"actor": None, "nav": ()} if answer.status == 500 else {}),
    )
    return make_response(page, answer.status)


def _send_to(endpoint: str, htmx_status: int) -> Response:
    if request.headers.get("HX-Request") == "true":
        response = Response(status=htmx_status)
        response.headers["HX-Redirect"] = url_for(endpoint)
    else:
        response = make_response(redirect(url_for(endpoint), 303))
    remember_place(response)
    return response
