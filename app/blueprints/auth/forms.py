"""The forms of the sign-in. What is secret is never sent back to the page."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired

from app.domain.sign_in import MAX_PASSWORD, MIN_PASSWORD
from app.web.forms import BaseForm

LONGEST_USERNAME = 40  # as the column is wide

SENTENCES: dict[str, Any] = {
    "sign_in_wrong": _l("用户名或密码不对，请核对后重新输入。"),
    "code_wrong": _l("动态口令不对或已经用过，请等手机换出新的 6 位数字后再输入（用英文输入法）。"),
    "recovery_wrong": _l("恢复码不对或已经用过，请核对后输入另一个。"),
    "activation_wrong": _l("激活码不对或已失效，请核对；若已超过有效期，请联系系统管理员重新发放。"),
    "password_wrong": _l("现在的密码不对，请重新输入。"),
    "password_short": _l("密码至少 %(n)s 个字符，请加长。", n=MIN_PASSWORD),
    "password_long": _l("密码最多 %(n)s 个字符，请缩短。", n=MAX_PASSWORD),
    "password_classes": _l("密码要含大写字母、小写字母、数字、符号中的至少三种，请补上。"),
    "password_username": _l("密码里不能含有用户名，请换一个。"),
    "password_used": _l("这个密码最近用过，请换一个新的。"),
}


def typed(field: Field) -> str:
    """Return what was typed into a field; nothing typed is empty text."""
    return str(field.data or "")


class SecretField(StringField):
    """A text field whose content is not written back into the page."""

    def _value(self) -> str:
        return ""


def new_password_field(label: Any) -> PasswordField:
    """Return a field for a password to be."""
    return PasswordField(
        label,
        [InputRequired(_l("请填写新密码。"))],
        render_kw={"autocomplete": "new-password", "maxlength": MAX_PASSWORD},
        description=_l("至少 %(n)s 个字符，含大写字母、小写字母、数字、符号中的三种。", n=MIN_PASSWORD),
    )


def repeated_field() -> PasswordField:
    """Return a field in which the new password is typed once more."""
    return PasswordField(
        _l("再输入一遍新密码"),
        [InputRequired(_l("请再输入一遍新密码。")), EqualTo("password", _l("两次输入的密码不一样，请重新输入。"))],
        render_kw={"autocomplete": "new-password", "maxlength": MAX_PASSWORD},
    )


class SignInForm(BaseForm):
    """User name and password."""

    username = StringField(
        _l("用户名"),
        [InputRequired(_l("请填写用户名。"))],
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": LONGEST_USERNAME,
        },
    )
    password = PasswordField(
        _l("密码"),
        [InputRequired(_l("请填写密码。"))],
        render_kw={"autocomplete": "current-password", "maxlength": MAX_PASSWORD},
    )


class CodeForm(BaseForm):
    """The six digits that the phone shows."""

    code = SecretField(
        _l("动态口令"),
        [InputRequired(_l("请填写手机上的 6 位数字。"))],
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "pattern": "[0-9]{6}",
            "maxlength": 6,
            "spellcheck": "false",
        },
        description=_l("打开手机上的验证器，输入“保档”一行的 6 位数字。"),
    )


class RecoveryForm(BaseForm):
    """One of the ten spare codes."""

    code = SecretField(
        _l("恢复码"),
        [InputRequired(_l("请填写一个恢复码。"))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
        description=_l("共 20 个字符，大小写、短横线都可以不管。"),
    )


class ActivationForm(BaseForm):
    """The printed code, and the password to be."""

    code = SecretField(
        _l("激活码"),
        [InputRequired(_l("请填写激活码。"))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "maxlength": 40},
        description=_l("系统管理员交给您的 20 个字符，大小写、短横线都可以不管。"),
    )
    password = new_password_field(_l("设置密码"))
    again = repeated_field()


class PasswordForm(BaseForm):
    """The password now, and the one to be."""

    current = PasswordField(
        _l("现在的密码"),
        [InputRequired(_l("请填写现在的密码。"))],
        render_kw={"autocomplete": "current-password", "maxlength": MAX_PASSWORD},
    )
    password = new_password_field(_l("新密码"))
    again = repeated_field()
