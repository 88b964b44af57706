"""`flask accounts …`: who there is, and on a demo instance the code that a phone would show."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import NoReturn

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from app.config import Settings
from app.db import begin_write, db
from app.domain.errors import NotAllowed, NotFound, WrongState
from app.domain.totp import STEP_SECONDS, step_at
from app.models.accounts import Account
from app.queries.console import account_lines
from app.services.administrator_rescue import rescue_administrator
from app.services.sign_in import spell_username
from app.services.totp import code_of_step

REFUSED = 2
WHY_NO_RESCUE = {
    "reset_by_two": "还有安全保密管理员可以申请、另一人可以确认，请在“登录重置”中办理。",
    "account_disabled": "这个账号已停用，请由系统管理员启用。",
}


@click.group("accounts", help="查看账号；演示环境中取动态口令。")
def group() -> None:
    """Commands about accounts."""


@group.command("list", help="列出全部账号。")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。")
@with_appcontext
def list_accounts(*, as_json: bool) -> None:
    """Print every account: user name, state, roles, whether a phone is bound, name and branch."""
    lines = account_lines(db.session(), now=datetime.now(UTC))
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
        return
    for line in lines:
        phone = "已绑手机" if line.has_phone else "未绑手机"
        roles = ",".join(line.roles) or "-"
        click.echo(f"{line.username:<20} {line.state:<9} {roles:<20} {phone}  {line.full_name}  {line.branch}")


@group.command("totp-code", help="显示演示账号的动态口令；正式环境中拒绝。")
@click.argument("username", metavar="USER")
@with_appcontext
def totp_code(username: str) -> None:
    """Print a code that the sign-in takes now; only where the instance is a demo."""
    settings: Settings = current_app.extensions["baodang"]
    if not settings.demo:
        _refuse("这不是演示环境，不能代看动态口令。请用绑定的手机查看；手机丢失请联系安全保密管理员重置登录。")
    phone = select(Account.totp_secret, Account.totp_last_step).where(Account.username == spell_username(username))
    secret, last_step = db.session().execute(phone).one_or_none() or (None, 0)
    if secret is None:
        _refuse(f"没有账号“{username}”，或该账号还没有绑定手机。用 flask accounts list 查看全部账号。")
    click.echo(code_of_step(secret, _unspent_step(last_step)))


@group.command("rescue", help="三员都无法互相重置登录时，为其中一位重发激活码；原密码、手机和会话全部作废。")
@click.argument("username", metavar="USER")
@with_appcontext
def rescue(username: str) -> None:
    """Print a new activation code for one of 三员 where no two people are left who could reset the sign-in."""
    name = spell_username(username)
    session = db.session()
    begin_write(session)
    try:
        code = rescue_administrator(session, name, now=datetime.now(UTC))
    except (NotFound, NotAllowed):
        _refuse(f"没有管理员账号“{name}”。业务账号请由安全保密管理员重置登录。")
    except WrongState as trouble:
        _refuse(WHY_NO_RESCUE.get(trouble.code, trouble.code))
    session.commit()
    click.echo(
        f"用户名 {name}  激活码 {code}\n只显示这一次，请当面交给本人，在 /activate 激活。本次操作已记入审计记录。"
    )


def _unspent_step(last_step: int) -> int:
    """Return the step at hand, or the next one when that is spent: it is taken as well, clocks being one step off."""
    now = datetime.now(UTC)
    step = max(step_at(now), last_step + 1)
    if step > step_at(now) + 1:
        _refuse(f"刚用过两个动态口令，请 {STEP_SECONDS - int(now.timestamp()) % STEP_SECONDS} 秒后再取。")
    return step


def _refuse(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    raise SystemExit(REFUSED)
