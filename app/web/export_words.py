"""Why an export was not made, in words that say what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

# The kind of fault that the worker noted → what who ordered it reads.
FAULTS: dict[str, Any] = {
    "NoLongerAllowed": _l("权限已经变化，不能再打印这份台账。"),
    "NotFound": _l("所选的内容已经不在，或者不再对您开放。"),
    "PrintFailed": _l("内容太多，没有排完。请按机构或年度缩小范围，再打印一次。"),
    "StorageFull": _l("磁盘空间不足。请告诉系统管理员，腾出空间后再试。"),
    "WorkerLost": _l("打印中途多次中断。请再试一次；若仍失败，请告诉系统管理员。"),
}
UNKNOWN = _l("系统出错。请再试一次；若仍失败，请把编号告诉系统管理员。")


def why_it_failed(fault: str) -> Any:
    """Return the sentence for a fault that the worker noted."""
    return FAULTS.get(fault, UNKNOWN)
