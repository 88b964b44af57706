"""The forms of the gallery: one filled in well, one badly."""

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget


def options(*words: str) -> list[SelectChoice]:
    return [SelectChoice(word) for word in words]


class ManyChoices(SelectMultipleField):
    option_widget = CheckboxInput()
    widget = ListWidget(prefix_label=False)


class CustomerForm(Form):
    row_version = HiddenField()
    idempotency_key = HiddenField()
    name = StringField("姓名", [InputRequired("请填姓名"), Length(max=60)], description="与证件一致")
    id_kind = SelectField("证件类型", choices=options("居民身份证", "护照", "港澳居民来往内地通行证"))
    id_number = StringField(
        "证件号码", [InputRequired("请填证件号码"), Length(18, 18, "应为 18 位，请对照证件再核一遍")]
    )
    born = DateField("出生日期", [InputRequired("请填日期，如 1984-06-17")])
    sex = RadioField("性别", choices=options("女", "男"), validate_choice=False)
    amount = DecimalField("年收入（元）")
    phone = StringField("手机")
    address = StringField("联系地址")
    health = TextAreaField("健康告知")
    kinds = ManyChoices("关系", choices=options("投保人", "被保险人", "受益人"))
    consent = BooleanField("已告知客户信息用途", [InputRequired("请勾选")], description="依据 个人信息保护法 第十七条")


class LoginForm(Form):
    username = StringField("用户名", [InputRequired("请填用户名")])
    password = PasswordField("密码", [InputRequired("请填密码")])


def bad_form() -> CustomerForm:
    form = CustomerForm(
        MultiDict({"id_number": "3701021984061", "health": "2019 年甲状腺结节，随访。", "row_version": "3"})
    )
    form.validate()
    return form


def good_form() -> CustomerForm:
    filled = {
        "name": "李秀英",
        "id_number": "370102198406172816",
        "born": "1984-06-17",
        "sex": "女",
        "idempotency_key": "k1",
    }
    return CustomerForm(MultiDict(filled))
