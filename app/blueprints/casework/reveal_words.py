"""Which of a case's masked values can be shown in clear, and the reasons that are offered for it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

REASONS = (_l("联系投诉人"), _l("核对投诉人身份"), _l("告知处理进展或结果"), _l("向监管机构报告"), _l("核查"))
REVEALED: dict[str, Any] = {
    "name": _l("姓名 / 单位"),
    "id_number": _l("证件号码"),
    "phone": _l("联系电话"),
    "address": _l("地址"),
    "legal_representative": _l("法定代表人"),
    "agent_name": _l("受托人"),
    "agent_id_number": _l("受托人证件号码"),
    "agent_phone": _l("受托人电话"),
    "representatives": _l("代表人"),
}
