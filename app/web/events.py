"""What the events of the trail are called on screens."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

EVENTS: dict[str, Any] = {
    "customer_created": _l("建立客户档案"),
    "customer_changed": _l("修改客户资料"),
    "customer_viewed": _l("查看客户档案"),
    "field_revealed": _l("解密查看"),
    "policy_created": _l("登记保单"),
    "policy_changed": _l("修改保单"),
    "claim_created": _l("登记赔案"),
    "claim_changed": _l("修改赔案"),
    "document_received": _l("收到材料"),
    "version_added": _l("新增版本"),
    "document_changed": _l("修改著录"),
    "document_catalogued": _l("完成著录"),
    "document_filed": _l("归档"),
    "document_viewed": _l("查看材料"),
    "original_fetched": _l("下载原件"),
    "register_ordered": _l("申请打印台账"),
    "register_printed": _l("台账已生成"),
    "export_fetched": _l("下载台账"),
    "export_cancelled": _l("取消台账"),
    "rules_changed": _l("修改分类与期限"),
    "signed_in": _l("登录"),
    "sign_in_failed": _l("登录失败"),
    "signed_out": _l("退出"),
    "session_ended": _l("结束会话"),
    "stepped_up": _l("再次验证身份"),
    "totp_enrolled": _l("绑定动态口令"),
    "recovery_code_used": _l("使用恢复码"),
    "recovery_codes_made": _l("重新生成恢复码"),
    "password_changed": _l("修改密码"),
    "account_activated": _l("激活账号"),
    "account_created": _l("建立账号"),
    "account_disabled": _l("停用账号"),
    "account_enabled": _l("启用账号"),
    "role_granted": _l("授予角色"),
    "role_revoked": _l("收回角色"),
    "sign_in_reset_asked": _l("申请重置登录"),
    "sign_in_reset": _l("重置登录"),
    "branch_created": _l("新增机构"),
    "branch_changed": _l("修改机构"),
    "request_refused": _l("越权访问被拒"),
    "trail_read": _l("查阅审计记录"),
    "search_made": _l("检索"),
}
