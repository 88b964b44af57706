"""Renders each page of the gallery with the globals that docs/look.md promises to templates."""

from pathlib import Path
from types import SimpleNamespace

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.web.ready_words import spoken
from tests.web.gallery.forms import LoginForm, bad_form, good_form

ROOT = Path(__file__).parents[3]
PAGES = Path(__file__).parent / "pages"

MENU = {
    "": [("工作台", 5), ("客户档案", 0), ("收集整编", 12), ("检索查询", 0)],
    "利用与保管": [("借阅管理", 3), ("库房保管", 0), ("检查修复", 0)],
    "客户服务": [("投诉处理", 2), ("咨询登记", 0), ("满意度调查", 0)],
    "管理": [("台账打印", 0), ("统计分析", 0), ("鉴定处置", 0), ("权限与审计", 0)],
}
REFUSALS = {
    "error_403": (403, "没有权限", "您的岗位不能打开这一页。需要的话，请安全保密管理员授权。"),
    "error_404": (404, "没有找到", "这一页不存在，或不在您可以看到的范围里。"),
    "error_507": (507, "存储空间不足", "服务器空间低于下限，暂停写入；查看和检索照常。请联系系统管理员。"),
}
CONFLICT = {
    "rows": [
        SimpleNamespace(field="联系地址", yours="历城区工业北路 88 号 3 号楼 2 单元", theirs="历下区解放路 12 号"),
        SimpleNamespace(field="手机", yours="13800006120", theirs="13800006120"),
        SimpleNamespace(field="备注", yours="", theirs="客户要求只在工作日联系"),
    ],
    "who": "柜面 王强",
    "when": "今天 10:42",
    "reload_href": "/customers/1",
    "keep_action": "/customers/1/edit",
    "hidden": {"row_version": "4"},
}


def menu() -> list[SimpleNamespace]:
    def entry(label: str, count: int) -> SimpleNamespace:
        return SimpleNamespace(endpoint="x", label=label, href="/x", current=label == "客户档案", count=count)

    return [SimpleNamespace(title=title, items=[entry(*row) for row in rows]) for title, rows in MENU.items()]


def environment(static: str = "/static/", images: str = "/images/") -> Environment:
    """Return a strict environment; `static` and `images` are where the pages find their files."""
    loader = FileSystemLoader([ROOT / "app" / "templates", PAGES])
    env = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    env.filters["spoken"] = spoken
    env.globals |= {
        "actor": SimpleNamespace(
            full_name="欧阳春华", branch_name="城东支公司", role_names=["档案管理员"], roles={"archivist"}
        ),
        "asset": lambda path: static + path,
        "can": lambda _action: True,
        "csrf_token": lambda: "gallery-token",
        "is_fragment": False,
        "locale": "zh_CN",
        "nav": menu(),
        "unread_notices": lambda: 4,
        "url_for": lambda endpoint, **_: f"/{endpoint}",
        "N": SimpleNamespace,
        "W": images,
    }
    return env


def scene(env: Environment, name: str) -> str:
    """Return the HTML of one page of the gallery."""
    if name == "conflict":
        return env.get_template("errors/conflict.html").render(CONFLICT)
    if name in REFUSALS:
        status, title, explanation = REFUSALS[name]
        words = {"status": status, "title": title, "explanation": explanation}
        return env.get_template("errors/error.html").render(words, action_href="/", action_label="回工作台")
    signed_out = {"actor": None} if name.startswith("public") else {}
    forms = {"bad": bad_form(), "good": good_form(), "login": LoginForm()}
    return env.get_template(f"{name}.html").render(forms, **signed_out)


def scene_names() -> list[str]:
    return [*sorted(page.stem for page in PAGES.glob("[a-z]*.html")), "conflict", *REFUSALS]
