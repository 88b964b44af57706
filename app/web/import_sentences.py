"""What the codes of tables that are imported say to who reads the screen."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "import.heading_unknown": _l("没有这一列。请用模板的列名，或删去这一列。"),
    "import.heading_twice": _l("这一列出现了两次。"),
    "import.heading_missing": _l("缺少这一列，请按模板补上。"),
    "import.empty": _l("必填，不能为空。"),
    "import.text": _l("内容无法识别。"),
    "import.day": _l("不是日期，请写成 2026-05-01 的样子。"),
    "import.amount": _l("不是金额，请写成 1200.50 的样子，单位元。"),
    "import.number": _l("请填写整数。"),
    "import.choice": _l("不在可选范围内，请从模板“可选内容”页里选。"),
    "import.twice": _l("表内重复：前面已有同一号码。"),
    "import.same_person": _l("系统里已有同一人，请核对后删去这一行，或到客户页修改。"),
    "import.not_allowed": _l("超出您的权限（机构或密级），请由有权限的同事导入。"),
    "import.no_branch": _l("没有这个机构代码。"),
    "import.no_agent": _l("没有这个代理人账号。"),
    "import.no_customer": _l("没有这个客户号，或不在您的范围内。请先导入客户。"),
    "import.no_policy": _l("没有这张保单，或不属于这位客户。请先导入保单。"),
    "import.no_claim": _l("没有这个赔案，或不属于这位客户。请先导入赔案。"),
    "import.no_category": _l("没有这个类别代码，或已停用；请填两位的子类代码，如 22。"),
    "import.damaged": _l("文件打不开。请用 Excel 另存为 xlsx，或另存为 CSV 后再上传。"),
    "import.too_large": _l("文件太大。请分成几份。"),
    "import.encrypted": _l("文件设有密码，或是旧的 xls 格式。请另存为不带密码的 xlsx。"),
    "import.no_sheet": _l("文件里没有工作表。"),
    "import.too_many_rows": _l("超过 2,000 行。请分成几份导入。"),
    "import.not_ready": _l("现在不能这样办，请刷新后再看。"),
    "import.has_faults": _l("还有错误，请改好后重新上传。"),
}
