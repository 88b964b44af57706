"""What the domain's problem codes say to people: what is wrong and what to do about it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.domain.archive_numbers import TemplateProblem
from app.domain.business_numbers import NumberProblem
from app.domain.claims import ClaimAmountProblem, ClaimDateProblem
from app.domain.contact_numbers import ContactProblem
from app.domain.errors import Invalid, WrongState
from app.domain.identity_numbers import IdWarning, Mismatch
from app.domain.money import AmountProblem
from app.domain.policies import DateProblem, PaymentProblem
from app.domain.titles import TitleWarning
from app.web import (
    answer_sentences,
    case_handling_sentences,
    case_outcome_sentences,
    case_sentences,
    case_team_sentences,
    clock_sentences,
    completeness_sentences,
    consultation_sentences,
    figure_sentences,
    import_sentences,
    intake_sentences,
    submission_sentences,
    survey_sentences,
    volume_sentences,
)

IDENTITY: dict[str, Any] = {
    "identity.length.resident_id": _l("居民身份证号码应为 18 位（旧证 15 位），请对照证件原件补全或删去多余的字符。"),
    "identity.length.hmt_residence": _l("港澳台居民居住证号码应为 18 位，请对照证件原件补全或删去多余的字符。"),
    "identity.length.foreign_permanent": _l(
        "外国人永久居留身份证号码应为 18 位（旧证 15 位），请对照证件原件补全或删去多余的字符。"
    ),
    "identity.length.uscc": _l("统一社会信用代码应为 18 位，请对照营业执照补全或删去多余的字符。"),
    "identity.length.military_id": _l("军官证号码应为 4 至 32 个字符，请连同“字第”“号”一起照抄。"),
    "identity.length.household_book": _l("户口簿号码应为 4 至 32 个字符，请对照户口簿首页填写。"),
    "identity.length.other": _l("证件号码应为 2 至 32 个字符，请对照证件原件填写。"),
    "identity.form.passport": _l("护照号码由 5 至 12 位字母和数字组成，如 E12345678，请对照资料页右上角填写。"),
    "identity.form.hk_macao_permit": _l(
        "港澳居民来往内地通行证号码为 H 或 M 加 8 位数字（旧证 10 位），请对照证件原件填写。"
    ),
    "identity.form.taiwan_permit": _l("台湾居民来往大陆通行证号码为 8 位数字，请对照证件原件填写。"),
    "identity.form.foreign_permanent": _l(
        "外国人永久居留身份证号码以 9 开头共 18 位，旧证为 3 个字母加 12 位数字，请对照证件原件填写。"
    ),
    "identity.form.birth_certificate": _l("出生医学证明编号为 1 个字母加 9 位数字，请对照证件原件填写。"),
    "identity.charset": _l("证件号码里有不该出现的字符，请只填写证件上印的数字和字母。"),
    "identity.province": _l("证件号码前两位不是有效的省级代码，请核对开头的数字和证件类型。"),
    "identity.birth_date": _l("证件号码第 7 至 14 位不是有效的出生日期，请对照证件原件核对。"),
    "identity.future_birth": _l("证件号码中的出生日期晚于今天，请核对第 7 至 14 位。"),
    "identity.check_digit": _l("证件号码最后一位与前 17 位不符，请对照证件原件核对。"),
    Mismatch.BIRTH_DATE: _l("填写的出生日期与证件号码不一致，请核对后改正其中一项。"),
    Mismatch.SEX: _l("填写的性别与证件号码不一致，请核对后改正其中一项。"),
    IdWarning.OLD_15_DIGITS: _l("这是 15 位旧身份证号码，请提醒客户补交新证。"),
    IdWarning.CENTURY_UNCERTAIN: _l("无法由该旧证号码判断出生年份，请对照证件填写出生日期。"),
    IdWarning.RESIDENCE_PERMIT_NUMBER: _l("该号码属于港澳台居民居住证，请核对证件类型。"),
    IdWarning.VERY_OLD: _l("按证件号码计算客户已超过 110 周岁，请核对出生年份。"),
    IdWarning.FOREIGN_FORM: _l("该号码不是中国护照的格式；如为外国护照，请核对国籍。"),
    IdWarning.OLD_FORM: _l("这是 2023 年以前的旧版永久居留证件，请留意有效期。"),
    IdWarning.ORGANISATION_CODE: _l("统一社会信用代码中的组织机构代码部分未通过校验，请对照营业执照核对。"),
}

CONTACT: dict[str, Any] = {
    ContactProblem.EMPTY: _l("请填写号码。"),
    ContactProblem.MOBILE_FORM: _l("手机号码应为 11 位数字并以 13 至 19 开头，请核对。"),
    ContactProblem.PHONE_FORM: _l("电话号码格式不对；固定电话请写成“区号-号码”，如 010-65123456，分机写在最后。"),
    ContactProblem.CARD_LENGTH: _l("银行卡号应为 12 至 19 位数字，请对照卡面核对位数。"),
    ContactProblem.CARD_CHARACTERS: _l("银行卡号只能是数字，请对照卡面核对。"),
    ContactProblem.CARD_CHECK: _l("银行卡号未通过校验，可能有一位写错或两位颠倒，请对照卡面核对。"),
    ContactProblem.ACCOUNT_FORM: _l("单位账号应为 8 至 32 位数字，请对照开户许可证核对。"),
}

NUMBERS: dict[str, Any] = {
    NumberProblem.EMPTY: _l("请填写号码，也可以用扫码枪扫入。"),
    NumberProblem.LENGTH: _l("号码应为 6 至 32 位，请对照单证核对。"),
    NumberProblem.CHARACTERS: _l("号码只能由字母、数字和短横线组成，并至少有一位数字。"),
    NumberProblem.OWN_RULE: _l("号码不符合本公司的编号规则，请对照单证核对。"),
    TemplateProblem.STRAY_BRACE: _l("档号模板里的花括号不成对或写法不对，字段应写成 {year} 或 {item:05d}。"),
    TemplateProblem.UNKNOWN_FIELD: _l("档号模板里有不认识的字段，可用的字段为全宗号、类别、年度、期限、案卷号和件号。"),
    TemplateProblem.REPEATED_FIELD: _l("档号模板里同一个字段出现了两次，请删去一个。"),
    TemplateProblem.MISSING_FIELD: _l("档号模板必须含有全宗号、类别、年度、期限和件号，缺少会造成重号。"),
    TemplateProblem.WRONG_WIDTH: _l("只有案卷号和件号可以规定位数，请删去其他字段的位数。"),
    TemplateProblem.BAD_LITERAL: _l("档号模板里只能使用大写字母、数字、短横线“-”和间隔号“·”。"),
    TemplateProblem.NOT_SEPARATED: _l("档号模板的字段之间要用短横线“-”或间隔号“·”隔开。"),
    TemplateProblem.ITEM_NOT_LAST: _l("件号必须放在档号的最后。"),
}

TITLES: dict[str, Any] = {
    TitleWarning.EMPTY: _l("请填写题名：责任者＋事由＋文种，如“王*住院医疗给付案卷”。"),
    TitleWarning.ONLY_PUNCTUATION: _l("题名只有标点符号，请写明责任者、事由和文种。"),
    TitleWarning.TOO_SHORT: _l("题名太短，看不出内容，请写明责任者、事由和文种。"),
    TitleWarning.TOO_LONG: _l("题名超过 120 字，请删去多余的说明，细节写入备注。"),
    TitleWarning.VAGUE: _l("题名含糊（如“相关材料”“扫描件1”），请写明是谁的、什么事、什么文件。"),
    TitleWarning.MISSING_DOCUMENT_TYPE: _l("题名末尾缺少文种，请补上“申请书”“通知书”“发票”等。"),
}

POLICIES: dict[str, Any] = {
    DateProblem.ACCEPTED_BEFORE_APPLIED: _l("承保日期早于投保日期，请核对这两个日期。"),
    DateProblem.EFFECTIVE_BEFORE_APPLIED: _l("生效日期早于投保日期，请核对这两个日期。"),
    DateProblem.EXPIRES_BEFORE_EFFECTIVE: _l("满期日期早于生效日期，请核对保险期间。"),
    DateProblem.TERMINATED_BEFORE_APPLIED: _l("终止日期早于投保日期，请核对这两个日期。"),
    DateProblem.TERMINATED_AFTER_EXPIRES: _l("终止日期晚于满期日期，请核对；到期终止的应填满期日期。"),
    DateProblem.APPLIED_IN_FUTURE: _l("投保日期晚于今天，请核对。"),
    DateProblem.ACCEPTED_IN_FUTURE: _l("承保日期晚于今天，请核对。"),
    DateProblem.TERMINATED_IN_FUTURE: _l("终止日期晚于今天，请在合同终止后再登记。"),
    DateProblem.TERM_KIND_MISMATCH: _l("短期或长期与起止日期不符，请核对；它决定保管期限从长还是从短。"),
    PaymentProblem.FREQUENCY_WITH_SINGLE: _l("趸交保单没有交费频率，请清空频率或改为期交。"),
    PaymentProblem.YEARS_WITH_SINGLE: _l("趸交保单没有交费年数，请清空年数或改为期交。"),
    PaymentProblem.FREQUENCY_MISSING: _l("期交保单请选择交费频率。"),
    PaymentProblem.YEARS_OUT_OF_RANGE: _l("交费年数应在 1 至 100 之间，请核对。"),
}

CLAIMS: dict[str, Any] = {
    ClaimDateProblem.REPORTED_BEFORE_OCCURRED: _l("报案日期早于出险日期，请核对这两个日期。"),
    ClaimDateProblem.MATERIALS_BEFORE_OCCURRED: _l("收到资料的日期早于出险日期，请核对这两个日期。"),
    ClaimDateProblem.DECIDED_BEFORE_REPORTED: _l("核定日期早于报案日期，请核对这两个日期。"),
    ClaimDateProblem.DECIDED_BEFORE_MATERIALS: _l("核定日期早于收到资料的日期，请核对这两个日期。"),
    ClaimDateProblem.SUPPLEMENT_WITHOUT_NOTICE: _l("登记了补充资料的收到日期，请同时填写补件通知的送达日期。"),
    ClaimDateProblem.SUPPLEMENT_BEFORE_NOTICE: _l("补充资料的收到日期早于补件通知的送达日期，请核对。"),
    ClaimDateProblem.REFUSAL_BEFORE_DECIDED: _l("拒赔通知的发出日期早于核定日期，请核对这两个日期。"),
    ClaimDateProblem.AGREED_BEFORE_DECIDED: _l("达成协议的日期早于核定日期，请核对这两个日期。"),
    ClaimDateProblem.PAID_BEFORE_DECIDED: _l("支付日期早于核定日期；如为预付赔款，请把结论选为“预付”。"),
    ClaimDateProblem.CLOSED_BEFORE_REPORTED: _l("结案日期早于报案日期，请核对这两个日期。"),
    ClaimDateProblem.CLOSED_BEFORE_DECIDED: _l("结案日期早于核定日期，请核对这两个日期。"),
    ClaimDateProblem.CLOSED_BEFORE_PAID: _l("结案日期早于支付日期，请核对这两个日期。"),
    ClaimDateProblem.IN_FUTURE: _l("有日期晚于今天，请核对各个日期。"),
    ClaimAmountProblem.NEGATIVE: _l("金额不能为负数，请核对。"),
    ClaimAmountProblem.PAID_WITHOUT_DECISION: _l(
        "还没有核定日期就登记了赔款；请先填核定日期，预付赔款请把结论选为“预付”。"
    ),
    ClaimAmountProblem.PAID_OVER_APPROVED: _l("赔付金额超过核定金额，请核对这两个金额。"),
    ClaimAmountProblem.PAID_THOUGH_REFUSED: _l("结论为拒赔，却登记了赔付金额；请更正结论或清空金额。"),
    ClaimAmountProblem.PAID_THOUGH_CLOSED_EMPTY: _l("按所选结论不应有赔付金额，请更正结论或清空金额。"),
    ClaimAmountProblem.NOTHING_PAID: _l("结论为赔付且已结案，请填写赔付金额。"),
    ClaimAmountProblem.REFUSAL_WITHOUT_REASON: _l("拒赔必须选择拒赔原因。"),
    ClaimAmountProblem.REASON_WITHOUT_REFUSAL: _l("选择了拒赔原因，但结论不是拒赔；请更正结论或清空原因。"),
}

MONEY: dict[str, Any] = {
    AmountProblem.EMPTY: _l("请填写金额。"),
    AmountProblem.FORM: _l("金额写法不对，请写成 12,345.60 或 1.2万。"),
    AmountProblem.NEGATIVE: _l("金额不能为负数，请核对。"),
    AmountProblem.PRECISION: _l("金额最多精确到分，请删去多余的小数位。"),
    AmountProblem.TOO_LARGE: _l("金额过大，请核对单位是元还是万元。"),
}

SENTENCES: dict[str, Any] = {**IDENTITY, **CONTACT, **NUMBERS, **TITLES, **POLICIES, **CLAIMS, **MONEY}

CUSTOMERS: dict[str, Any] = {
    "customer.name_missing": _l("请填写姓名或单位名称。"),
    "customer.uscc_for_person": _l("个人客户不能用统一社会信用代码，请选择身份证等个人证件。"),
    "customer.branch_unknown": _l("请选择所属机构。"),
    "customer.agent_unknown": _l("该代理人已停用或不存在，请重新选择。"),
    "customer.email_form": _l("电子邮箱格式不对，请写成 name@example.com。"),
    "customer.number_taken": _l("该证件号码已有另一份客户档案，请核对号码。"),
    "reveal.reason_missing": _l("请选择查看事由。"),
}
SENTENCES.update(CUSTOMERS)

DOCUMENTS: dict[str, Any] = {
    "document.title_missing": _l("请填写题名。"),
    "document.author_missing": _l("请填写责任者（形成材料的单位或个人）。"),
    "document.formed_on_missing": _l("请填写材料的形成日期。"),
    "document.page_count_missing": _l("请填写页数。"),
    "document.formed_in_future": _l("日期晚于今天，请核对。"),
    "document.page_count": _l("页数应在 0 到 10,000 之间。"),
    "document.period": _l("请从表中选择保管期限。"),
    "document.category": _l("请选择二级类别。"),
    "document.paper_type": _l("没有这种单证，请从列表中选择。"),
    "document.policy": _l("这张保单不属于该客户，请重新选择。"),
    "document.claim": _l("这个赔案不属于该客户，请重新选择。"),
}
SENTENCES.update(DOCUMENTS)

ADMIN: dict[str, Any] = {
    "branch.name_missing": _l("请填写机构名称。"),
    "branch.code_missing": _l("请填写机构代码。"),
    "branch.code_taken": _l("这个机构代码已经使用，请换一个。"),
    "branch.fonds_code": _l("全宗号应为一个大写字母加三位数字，如 J019。"),
    "branch.kind": _l("请选择机构层级。"),
    "branch.parent": _l("请选择上级机构；总公司只有一个，最多六级。"),
    "account.username_form": _l("用户名以小写字母开头，3 至 32 位，只用字母、数字、点、横线和下划线。"),
    "account.username_taken": _l("这个用户名已经使用，请换一个。"),
    "account.full_name_missing": _l("请填写姓名。"),
    "account.reason_missing": _l("请填写原因。"),
    "grant.exclusive": _l("三员与业务角色互相排斥：这个账号已属于另一类，请另建账号。"),
    "grant.held_already": _l("这个账号在该机构已有此角色。"),
    "grant.starts_in_past": _l("开始日期不能早于今天；留空为立即生效。"),
    "grant.ends_before_start": _l("有效期的结束应晚于开始。"),
    "grant.ends_in_past": _l("有效期应晚于今天。"),
    "grant.account_disabled": _l("这个账号已停用，请先由系统管理员启用。"),
    "grant.nobody": _l("没有这个用户名，请核对；账号由系统管理员建立。"),
    "grant.oneself": _l("不能给自己授权，请由另一位安全保密管理员办理。"),
    "account_disabled": _l("这个账号已停用。"),
    "account_not_disabled": _l("这个账号没有停用，可能刚刚已经启用；激活码只显示一次，遗失请重发。"),
    "account_active": _l("这个账号已经激活，不再需要激活码。登录有困难请由安全保密管理员申请重置登录。"),
    "account_has_roles": _l("这个账号已有角色，激活码须经安全保密管理员申请重置登录、第二人确认后才能重发。"),
    "last_secadmin": _l("这是最后一位安全保密管理员，停用或收回后将无人能够授权。请先授权另一位，不设有效期。"),
    "reset_waiting": _l("这个账号已有一份重置申请在等待确认，请先处理那一份。"),
    "reset_closed": _l("这份申请已经处理过或已过期，请刷新页面。"),
    "reset_asker_gone": _l("申请人已停用或不再是安全保密管理员，这份申请作废，请重新申请。"),
}
SENTENCES.update(ADMIN)

CONTRACTS: dict[str, Any] = {
    "policy.choice": _l("请从列表中选择。"),
    "policy.product_missing": _l("请填写险种名称，如“终身寿险（分红型）”。"),
    "policy.status_of_class": _l("这个状态不用于该险类，请核对险种大类和保单状态。"),
    "policy.design_of_life": _l("只有人身险才有设计类型，请清空。"),
    "policy.end_missing": _l("合同已终止，请填写终止日期；保管期限从这一天起算。"),
    "policy.end_too_early": _l("保单还没有终止，请清空终止日期和原因，或先变更保单状态。"),
    "policy.number_taken": _l("这个保单号已经登记过，请核对；若查不到原保单，请联系档案管理员。"),
    "policy.transition": _l("现在的状态不能直接变为所选状态。如属登记错误，请勾选“更正”并写明原因。"),
    "policy.correction_reason": _l("更正状态请写明原因，原因记入审计。"),
    "party.unknown_customer": _l("没有这个客户，或不在您的权限内。请核对客户号或证件号码，必要时先新建客户。"),
    "party.twice": _l("该客户已经是这份保单的同一种当事人。"),
    "party.one_holder": _l("一份保单只有一位投保人。"),
    "party.share_of_beneficiary": _l("只有受益人才有受益份额，请清空。"),
    "party.share_range": _l("受益份额应在 1 至 100 之间。"),
    "party.share_sum": _l("各受益人的份额合计超过 100%，请核对。"),
    "claim.choice": _l("请从列表中选择。"),
    "claim.kind_of_class": _l("这个赔案类型不属于该保单的险类，请核对。"),
    "claim.outcome_missing": _l("结案须有结论，请先在“修改赔案”中选择结论。"),
    "claim.closed_on_missing": _l("请填写结案日期；保管期限从这一天起算。"),
    "claim.closed_too_early": _l("赔案还没有结案，请清空结案日期，或先变更赔案环节。"),
    "claim.number_taken": _l("这个赔案号已经登记过，请核对；若查不到原赔案，请联系档案管理员。"),
    "claim.transition": _l("现在的环节不能直接变为所选环节，请按办理顺序变更。"),
    "claim.date_in_future": _l("日期晚于今天，请核对。"),
}
SENTENCES.update(CONTRACTS)

CATALOGUE: dict[str, Any] = {
    "category.name_missing": _l("请填写类别名称。"),
    "category.series": _l("档号类别代码应为两个大写字母，如 KH。"),
    "category.level": _l("请选择密级。"),
    "category.full": _l("这一类下的子类代码已经用完，请合并或改用其他类。"),
    "category.has_active": _l("它下面还有启用的子类，请先停用子类。"),
    "category.parent_inactive": _l("所属大类已停用，请先启用大类。"),
    "rules.basis_missing": _l("请写明依据，如法规条文或本公司文号。"),
    "rules.effective_missing": _l("请填写生效日期。"),
    "rules.effective_later": _l("生效日期晚于今天，请在生效当天再登记。"),
    "period.years_missing": _l("请填写年数，或勾选“永久”。"),
    "period.below_floor": _l("短于法定最低保管年限，不能设置。"),
    "period.too_long": _l("最长 100 年；更久请用“永久”。"),
    "period.there_already": _l("表中已有这个期限。"),
    "period_in_use": _l("已有类别或档案件使用这个期限，不能删除。"),
    "template.volume": _l("现在按件编号，档号模板里不能有案卷号。"),
}
SENTENCES.update(CATALOGUE)

REPAIRS: dict[str, Any] = {
    "paper.is_loan": _l("这份材料已借出，请先在出纳台办理归还。"),
    "paper.is_repair": _l("这份材料正在修复，验收后才能办理。"),
    "paper.is_transfer": _l("这份材料正在移交途中，对方接收后才能办理。"),
    "paper.is_missing": _l("这份材料盘点时没有找到，找到并登记后才能办理。"),
    "paper.is_none": _l("这份材料只有电子件，没有实物。"),
    "paper.destroyed": _l("这份材料已经销毁。"),
    "repair.damage_missing": _l("请至少勾选一种病害，或填写面积。"),
    "repair.not_an_item": _l("这不是一份材料的标签。请扫材料上的标签，或输入档号。"),
    "repair.percent": _l("面积请填 1 至 100 的整数。"),
    "repair.grade_missing": _l("面积没有达到“严重”的界限，请对照实物选择轻度或中度。"),
    "repair.choice": _l("请从列表中选择。"),
    "repair.repairer_missing": _l("请填写修复人或修复单位。"),
    "repair.method_missing": _l("请填写修复方法，如“局部修裱”。"),
    "repair.reason_missing": _l("请写明原因。"),
    "repair.in_future": _l("日期晚于今天，请核对。"),
    "repair.days": _l("开始日期晚于完成日期，请核对。"),
    "repair.too_many_photos": _l("一份修复单最多存 40 张照片。"),
    "repair.changed": _l("这份修复单刚被别人办理过，下面是最新的情况，请核对后再办。"),
    "repair.accept_self": _l("自己登记完成的修复不能由自己验收，请另一位人员验收。"),
    "repair.is_ordered": _l("这份修复单还没有开始修复。"),
    "repair.is_working": _l("这份修复单正在修复中，请先登记完成。"),
    "repair.is_finished": _l("这份修复单已登记完成，正等待验收。"),
    "repair.is_accepted": _l("这份修复单已经验收，不能再改。"),
    "repair.is_cancelled": _l("这份修复单已经撤销。"),
}
SENTENCES.update(REPAIRS)

REGISTERS: dict[str, Any] = {
    "too_many_exports": _l("您已有 3 份台账正在生成，请等其中一份完成后再打印。"),
    "register.room_id": _l("请选择库房。"),
    "register.month": _l("请选择月份，如 2026-11。"),
    "register.stocktake_id": _l("请选择一次盘点。"),
    "register.transfer_id": _l("请选择一份移交。"),
    "register.handover_id": _l("请选择一份岗位交接。"),
    "register.volume_id": _l("请选择一个案卷。"),
}
SENTENCES.update(REGISTERS)

TRANSFERS: dict[str, Any] = {
    "transfer.too_long": _l("内容太长，请精简。"),
    "transfer.nature_missing": _l("请填写移交性质，如“机构撤并”。"),
    "transfer.same_branch": _l("接收单位与移交单位相同，请另选；同一机构内换人请选“岗位交接”。"),
    "transfer.branch_unknown": _l("请选择接收单位。"),
    "transfer.receiver_missing": _l("请选择接收人；接收人须是该机构的档案管理员。"),
    "transfer.giver_unknown": _l("移交人须是该机构的档案管理员。"),
    "transfer.same_person": _l("接收人与移交人是同一人，请另选。"),
    "transfer.is_draft": _l("这份移交还在拟稿，尚未移交。"),
    "transfer.is_sent": _l("这份移交已送出，正等待接收方清点。"),
    "transfer.is_counted": _l("这份移交已清点完毕，正等待签字。"),
    "transfer.is_done": _l("这份移交已办结，不能再改。"),
    "transfer.is_cancelled": _l("这份移交已撤销，不能再改。"),
    "transfer.empty": _l("清册还是空的，请先列入档案。"),
    "transfer.barred": _l("清册里有档案已借出、送修或不在库，请先移出不能移交的档案。"),
    "transfer.elsewhere": _l("这件档案属于别的机构，不能由移交单位移交。"),
    "transfer.promised": _l("这件档案已借出或正为借阅人留着，归还后才能移交。"),
    "transfer.in_repair": _l("这件档案有未结的修复单，验收后才能移交。"),
    "transfer.listed_here": _l("这件档案已在清册里。"),
    "transfer.listed_elsewhere": _l("这件档案已列入另一份未结的移交。"),
    "transfer.nothing_fits": _l("没有可以列入的在库档案：可能已列入、已借出、送修或不属于移交单位。"),
    "transfer.not_a_paper": _l("请扫档案、盒、案卷或客户的标签。"),
    "transfer.post_has_no_papers": _l("岗位交接不逐件列入档案，清册在移交时自动生成。"),
    "transfer.not_sent": _l("清册里没有这件档案。请核对标签；确是对方多交的，请退回移交方。"),
    "transfer.pages": _l("页数应在 0 到 10,000 之间。"),
    "transfer.remark_missing": _l("请写明情况，如“箱内未见”。"),
    "transfer.uncounted": _l("还有档案没有清点。请逐件清点，没有收到的记为未收到。"),
    "transfer.signer_missing": _l("请填写签字人姓名。"),
    "transfer.signed_already": _l("已经签过字，不能重复签字或退回清点。"),
    "transfer.both_sides": _l("移交和接收不能由同一个账号登记签字，请对方用自己的账号办理。"),
    "transfer.unsigned": _l("移交人、接收人（及监交人）签字后才能办结。"),
    "transfer.reason_missing": _l("请写明原因。"),
    "signature.unreadable": _l("签名图像读不出来，请重新签名。"),
}
SENTENCES.update(TRANSFERS)

CLIMATE: dict[str, Any] = {
    "climate.missing": _l("请填写数值。"),
    "climate.form": _l("数值看不懂，请写成 21.5 这样的数字。"),
    "climate.fahrenheit": _l("这是华氏度，请换算成摄氏度再填。"),
    "climate.temperature_range": _l("这个温度在库房里不可能出现，请核对；库外可低至零下 50 ℃。如为华氏度请先换算。"),
    "climate.humidity_range": _l("相对湿度应在 1% 到 100% 之间，请核对。"),
    "climate.half": _l("请选择上午或下午。"),
    "climate.future": _l("还没有到这个时间，不能提前登记。请核对日期。"),
    "climate.too_early": _l("日期太早，请核对年份。"),
    "climate.note_missing": _l("请写明采取了什么措施。"),
    "climate.limit_order": _l("上限应高于下限，并在合理范围内，请核对。"),
    "safety.point_missing": _l("请逐项选择：正常、有问题或不适用。"),
    "safety.found_missing": _l("有问题的项目请写明发现了什么。"),
    "safety.fault_missing": _l("写了发现的问题，请把对应的项目选为“有问题”。"),
    "safety.handled_missing": _l("请写明处理结果。"),
    "safety.nothing_found": _l("这次检查没有发现问题，不需要处理。"),
    "safety.label_missing": _l("请填写检查项目的名称。"),
    "safety.position": _l("序号应在 0 到 999 之间。"),
    "logger.file_missing": _l("请选择记录仪导出的文件。"),
    "logger.empty": _l("文件是空的，请重新从记录仪导出。"),
    "logger.too_large": _l("文件超过 2 MB，请按月分开导出后再导入。"),
    "logger.encoding": _l("文件的文字编码认不出，请另存为 CSV（UTF-8）后再导入。"),
    "logger.binary": _l("这不是文本文件。如为 Excel 表格，请另存为 CSV 后再导入。"),
    "logger.no_header": _l("找不到表头。文件里须有一行写明时间、温度、湿度三列的名称。"),
    "logger.no_readings": _l("文件里没有一条可用的读数，请检查记录仪的探头和导出的时段。"),
    "logger.too_many": _l("文件超过 20 万行，请按月分开导出后再导入。"),
    "logger.date_order": _l("日期的日和月分不清，请让记录仪按“年-月-日”导出。"),
    "logger.time": _l("时间看不懂，应为 2026-11-22 09:05 这样的写法。"),
    "logger.columns": _l("这一行的列数与表头不符。"),
    "logger.future": _l("时间晚于现在，请校准记录仪的时钟后重新导出。"),
    "logger.faults": _l("文件里有看不懂的行，没有导入任何内容。请按行号改正后再来。"),
    "logger.other_file": _l("这不是刚才预览的那个文件，请先预览再导入。"),
}
SENTENCES.update(CLIMATE)


READING: dict[str, Any] = {
    "reading.reason": _l("请写明原因。"),
    "reading.reason_long": _l("原因最多 200 个字。"),
    "pages.not_there": _l("没有这样的页，请核对页码。"),
    "pages.too_many": _l("一次的页数太多，请分开办理。"),
    "pages.too_scattered": _l("页码太零散，请分开办理。"),
    "pages.unreadable": _l("页码写成 1-3,5 这样。"),
    "copy.purpose": _l("请写明这份复印件供谁、作什么用。"),
    "copy.purpose_long": _l("用途最多 60 个字。"),
    "copy.not_open": _l("借阅未开通或已结束，不能出具复印件。"),
    "copy.no_right": _l("这次借阅不含复制权限，不能出具复印件。"),
    "copy.no_pages": _l("还没有可复印的页面，请先补扫描件。"),
    "copy.revoked": _l("这份复印件已经作废。"),
}
SENTENCES.update(READING)


STORAGE: dict[str, Any] = {
    "place.code": _l("代码由 1 至 12 位字母或数字组成，如 K1、A、03。"),
    "place.code_long": _l("完整库位码太长，请缩短各级代码。"),
    "place.code_taken": _l("这个库位码已经有了，请换一个代码或起始号。"),
    "place.kind": _l("这一级不能放在所选的上级之下；顺序是库房、区、列、节、层。"),
    "place.climate": _l("请从列表中选择温湿度类别。"),
    "place.width": _l("宽度应在 0 至 10000 毫米之间。"),
    "place.width_below_used": _l("层上的档案盒已比这个宽度更宽，请先移走一些盒。"),
    "place.count": _l("数量超出范围，请核对。"),
    "place.nothing_planned": _l("请填写要建几列、几节、几层。"),
    "place.too_many": _l("一次最多建 2000 个库位，请分几次。"),
    "place.closed": _l("这个库位已停用，请先启用或另选一个。"),
    "place.open": _l("这个库位正在使用。"),
    "place.parent_closed": _l("上级库位已停用，请先启用上级。"),
    "place.not_empty": _l("这里还有档案盒，请先移走再停用。"),
    "place.no_shelf": _l("请扫描到具体的层；这个库位下面还有层。"),
    "box.spine": _l("盒脊宽度应在 10 至 100 毫米之间，常用 20、30、40、50。"),
    "box.year": _l("年度应为四位数字，请核对。"),
    "box.there_already": _l("这个盒已经在这一层上。"),
    "box.stands_nowhere": _l("这个盒还没有上架。"),
    "shelf.full": _l("这一层放不下了，请换一层，或先移走一些盒。"),
    "shelving.no_box": _l("请先选择要移动的档案盒。"),
    "shelving.too_many": _l("一次最多移动 200 盒，请分几次。"),
    "shelving.other_branch": _l("这个库位属于别的机构，不能把本机构的盒放过去；请走移交。"),
    "boxing.other_branch": _l("这份材料属于别的机构，不能装进这个盒；请走移交。"),
    "boxing.in_volume": _l("这份材料已组成案卷，请扫描案卷，整卷装盒。"),
    "boxing.there_already": _l("已经在这个盒里了。"),
    "boxing.in_no_box": _l("这份材料还没有装盒。"),
    "boxing.none_chosen": _l("请先勾选要取出的材料。"),
    "boxing.nothing_to_undo": _l("没有可以撤销的装盒。"),
    "volume.title_missing": _l("请填写案卷题名。"),
    "volume.no_items": _l("请先勾选要组卷的档案件。"),
    "volume.too_many": _l("一卷最多 200 件。"),
    "volume.bound_already": _l("所选档案件中有已经组卷的，请去掉后再组卷。"),
    "volume.two_customers": _l("一卷只能有一位客户的材料。"),
    "volume.mixed": _l("同一卷的材料须为同一类别、年度和保管期限。"),
    "paper.is_shelf": _l("纸质件就在库房里。"),
    "scan.empty": _l("请扫码，或输入号码后回车。"),
    "scan.unknown": _l("没有找到这个号码对应的东西，或不在您的权限内。请核对标签，或改用档号、盒号查找。"),
    "scan.foreign": _l("这不是本系统的条码（可能是商品条码、快递单或网址），请扫描我们自己的标签。"),
    "scan.not_box": _l("这不是档案盒的码，请扫描盒上的标签。"),
    "scan.not_place": _l("这不是库位的码，请扫描架上的层位标签。"),
    "scan.not_paper": _l("这不是档案件或案卷的码，请扫描材料上的标签或输入档号。"),
}
SENTENCES.update(STORAGE)

BORROWING: dict[str, Any] = {
    "cart.code_missing": _l("请输入档号、案卷号或盒号，或扫描标签。"),
    "cart.foreign": _l("这是别处的条码，不是本系统的标签。请扫档案标签，或输入完整档号。"),
    "cart.unknown": _l("没有这个号码，或不在您可以申请的范围内。请核对后输入完整档号。"),
    "cart.not_lent": _l("这个标签不是可借的档案，请扫件、卷、盒或客户的标签。"),
    "cart.nothing_to_lend": _l("其中没有可借的档案：都未归档、已封存或已销毁。"),
    "cart.full": _l("借阅车最多放 300 件，请先提交或移出一部分。"),
    "loan.way": _l("请选择利用方式。"),
    "loan.purpose": _l("请选择利用目的。"),
    "loan.purpose_note": _l("目的为“其他”时，请写明用途。"),
    "loan.too_long": _l("写得太长，请缩短。"),
    "loan.days_range": _l("天数应为正数；不填按规则的最长天数。"),
    "loan.days_over": _l("超过规则允许的天数，请改短；不填按规则的最长天数。"),
    "loan.wanted_in_past": _l("预约日期早于今天，请核对。"),
    "loan.wanted_too_late": _l("预约日期最远为 180 天以后。"),
    "loan.wanted_electronic": _l("电子阅览批准后即开放，不用预约。"),
    "loan.external_kind": _l("请选择为谁借。"),
    "loan.external_way_court": _l("法院不能用电子阅览，请选查阅、借出、复制或摘录。"),
    "loan.external_way_police": _l("公安、检察机关不能用电子阅览，请选查阅、借出、复制或摘录。"),
    "loan.external_way_regulator": _l("监管机构只能查阅、复制或摘录。"),
    "loan.external_way_customer": _l("客户本人只能查阅、复制或摘录。"),
    "loan.external_way_heir": _l("近亲属、继承人只能查阅、复制或摘录。"),
    "loan.external_way_appraisal": _l("司法鉴定须借出原件，请选“借出”。"),
    "loan.external_name": _l("请填写来人姓名。"),
    "loan.external_unit": _l("请填写单位名称。"),
    "loan.paper_officer_1": _l("请登记办案人员一的姓名和证件号。"),
    "loan.paper_officer_2": _l("须两名办案人员到场，请登记第二人的姓名和证件号。"),
    "loan.paper_letter": _l("请填写介绍信或调取文书的文号。"),
    "loan.paper_identity": _l("请查验身份证件并填写号码。"),
    "loan.paper_kinship": _l("请填写继承关系证明的名称和编号。"),
    "loan.paper_bag": _l("司法鉴定外借原件须封装，请填写封装袋号。"),
    "loan.same_officer": _l("两名办案人员不能是同一人。"),
    "loan.one_customer": _l("客户本人只能查询自己的档案，请分开申请。"),
    "loan.cart_empty": _l("请至少勾选一件。"),
    "loan.cart_changed": _l("借阅车的内容已经变化，请核对后重新提交。"),
    "loan.too_many": _l("超过同时可借的件数，请先归还一部分或少选几件。"),
    "loan.not_reached": _l("您的岗位不能申请这一密级或这个机构的档案。"),
    "loan.not_allowed": _l("借阅规则不允许以这种方式利用。"),
    "loan.no_paper": _l("只有电子件，没有纸质件，请改用电子阅览。"),
    "loan.paper_missing": _l("纸质件下落不明，正在查找。"),
    "loan.no_scan": _l("还没有扫描件，不能电子阅览。"),
    "loan.asked_already": _l("您已经申请过这一件，还没有办结。"),
    "loan.blocked": _l("您已被停借。"),
    "loan.overdue": _l("您有逾期未还的档案，归还后再申请。"),
    "loan.refuse_reason": _l("请写明驳回原因。"),
    "loan_request.not_asked": _l("这份申请已经办过，请刷新页面。"),
    "loan_request.own": _l("不能审批自己的申请，请由另一位负责人办理。"),
    "loan_request.decided_before": _l("您已经审批过这份申请，下一步须由另一人办理。"),
    "loan_request.changed": _l("这份申请刚有变化，请看过最新内容后再审批。"),
    "loan_request.upper_only": _l("这一步须由上级机构负责人审批。"),
    "loan_request.nothing_to_withdraw": _l("没有可以撤回的：都已领取、归还或办结。"),
    "loan_rule.choice": _l("请从列表中选择。"),
    "loan_rule.days": _l("天数应在 1 至 365 之间。"),
    "loan_rule.renewals": _l("续借次数应在 0 至 9 之间。"),
    "loan_rule.most_at_once": _l("件数应在 1 至 500 之间。"),
    "loan_rule.block": _l("天数应在 0 至 365 之间。"),
    "loan_rule.there_already": _l("已有一条同样情形、同日生效的规则，请修改那一条。"),
    "loan_rule.last": _l("“其余一切情形”这一条不能停用，否则会有无规则可依的情形。"),
    "block.nobody": _l("没有这个用户名，或不是您服务的机构的人。"),
    "block.oneself": _l("不能给自己登记停借。"),
    "block.there_already": _l("这个人已在停借中。"),
    "block.reason": _l("请写明原因。"),
    "block.until_past": _l("停借日期早于今天，请核对。"),
    "block.lifted_already": _l("已经解除，请刷新页面。"),
}
SENTENCES.update(BORROWING)

DESK: dict[str, Any] = {
    "paper.sealed": _l("这份材料已封存，不能借出。"),
    "paper.not_filed": _l("这份材料还没有归档，不能借出。"),
    "desk.not_a_paper": _l("这不是档案件或借阅单的条码，请扫件上的标签、档号或借阅单号。"),
    "desk.nothing_of_loan": _l("这张借阅单没有待领取或借出的件。"),
    "desk.not_out": _l("这份材料没有借出，不用归还。请核对标签是否扫错。"),
    "desk.on_site": _l("只能当天在阅档室使用，不能续借。"),
    "desk.overdue": _l("已经逾期，不能续借，请先归还。"),
    "desk.recalled": _l("这份材料已被召回，不能续借。"),
    "desk.recalled_already": _l("这份材料已经召回过，请等待归还或催还。"),
    "desk.no_renewals": _l("续借次数已用完，请先归还，需要时重新申请。"),
    "desk.waited_for": _l("有人正在排队等这份材料，不能续借。"),
    "desk.still_kept": _l("还在保留期内，不能取消。"),
    "desk.none_taken": _l("请至少勾选一件。"),
    "desk.changed": _l("这张借阅单刚有变化，请核对后重新勾选。"),
    "desk.pages": _l("请填写清点的页数，如 12。"),
    "desk.pages_short": _l("页数比借出时少，请选“缺页”并写明情况，或重新清点。"),
    "desk.condition": _l("请选择归还检查的结果。"),
    "desk.damage_note": _l("请写明缺损情况，如“第 3 页右下角撕裂”。"),
    "desk.inspection": _l("有的件还没有填好，请看该件下面的提示。"),
    "desk.effect": _l("请选择利用效果。"),
    "desk.signature": _l("没有收到签字，请重新签字，或选“已在打印单上签字”。"),
    "desk.ready_days": _l("保留天数应在 1 至 60 之间。"),
    "desk.reminder_days": _l("请从小到大填写催还的天数，用空格隔开，如 -1 1 7 15。"),
    "loan.waiting_hand_out": _l("还没有轮到这位借阅人，不能借出。"),
    "loan.asked_hand_out": _l("这份申请还没有批准，不能借出。"),
    "loan.out_hand_out": _l("这份材料已经借出，不用再办。"),
    "loan.returned_hand_out": _l("这份材料已经归还，需要时请重新申请。"),
    "loan.expired_hand_out": _l("没有按时领取，申请已取消，需要时请重新申请。"),
    "loan.withdrawn_hand_out": _l("借阅人已撤回申请，不能借出。"),
    "loan.refused_hand_out": _l("这份申请没有批准，不能借出。"),
    "loan.lost_hand_out": _l("这份材料已登记遗失，不能借出。"),
    "loan.returned_give_back": _l("这份材料已经归还，不用再办。"),
    "loan.lost_give_back": _l("这份材料已登记遗失，请用“登记找回”。"),
    **{
        f"loan.{state}_give_back": _l("这份材料没有借出，不用归还。请核对标签是否扫错。")
        for state in ("asked", "waiting", "ready", "refused", "withdrawn", "expired")
    },
    **{
        f"loan.{state}_{step}": _l("这份材料现在不是借出状态，不能这样办。")
        for state in ("asked", "waiting", "ready", "returned", "refused", "withdrawn", "expired", "lost")
        for step in ("renew", "recall", "lose")
    },
    **{
        f"loan.{state}_find": _l("这份材料没有登记遗失，不用找回。")
        for state in ("asked", "waiting", "ready", "out", "returned", "refused", "withdrawn", "expired")
    },
}
SENTENCES.update(DESK)

ROUNDS: dict[str, Any] = {
    "stocktake.choice": _l("请从列表中选择。"),
    "stocktake.place_missing": _l("请选择盘点范围，或扫架位码。"),
    "stocktake.unknown_place": _l("没有这个架位，或不在您的权限内。请核对标签。"),
    "stocktake.open_already": _l("这个范围（或它的上级、下级架位）已有未结束的盘点，请先结束或取消那一个。"),
    "stocktake.reason_missing": _l("请写明原因。"),
    "stocktake.is_counting": _l("盘点还在清点中，请先结束清点。"),
    "stocktake.is_review": _l("清点已经结束，正在复核。要再扫，请先恢复清点。"),
    "stocktake.is_closed": _l("这次盘点已经结束，结果不再改动。"),
    "stocktake.is_cancelled": _l("这次盘点已经取消。"),
    "stocktake.undecided": _l("还有更正没有审批，请先同意或不同意。"),
    "stocktake.approve_self": _l("参加清点的人不能审批更正，请由未参加清点的负责人办理。"),
    "stocktake.corrected_already": _l("已有更正改入账面，不能恢复清点或取消。"),
    "stocktake.scan_missing": _l("没有读到条码，请再扫一次。"),
    "stocktake.scan_long": _l("内容太长，不是条码或档号，请再扫一次。"),
    "stocktake.foreign_code": _l("这不是本库的条码（像商品码或网址），没有记录。请扫档案标签。"),
    "stocktake.misread": _l("条码没有读全（校验不符），没有记录。请再扫一次，或输入档号。"),
    "stocktake.not_a_paper": _l("这是借阅单或客户的码，不是档案。请扫架位、盒或材料的标签。"),
    "stocktake.unknown_label": _l("系统里没有这张标签对应的东西，没有记录。请输入档号核对。"),
    "stocktake.other_place": _l("这个架位不在本次盘点范围内，没有记录。"),
    "stocktake.box_other_branch": _l("这个盒属于别的机构，没有记录。请另放并联系对方。"),
    "stocktake.spot_missing": _l("请先扫所在的架位或盒，再扫材料。"),
    "stocktake.box_missing": _l("请先扫一个盒。"),
    "stocktake.box_stands_elsewhere": _l(
        "这个盒账面在别的架位。如果您已走到那里，请先扫那里的架位码；否则继续扫，将记为错位。"
    ),
    "stocktake.volume_empty": _l("这个案卷里没有材料。"),
    "stocktake.pages": _l("页数应为 0 至 9999。"),
    "stocktake.unknown_number": _l("账上没有这个号，已记为账外。"),
    "stocktake.other_branch": _l("这份材料属于别的机构，已记为账外，请另放并联系对方。"),
    "plan.name_missing": _l("请填写计划名称。"),
    "plan.years": _l("年数应为 1 至 10。"),
    "plan.sample": _l("比例应为 0 至 100。"),
    "plan.year": _l("只能生成今年或明年的清单，且不早于计划开始的年份。"),
    "plan.ended": _l("这个计划已经停用。"),
    "inspection.grade_missing": _l("请选择完好或破损等级。"),
    "inspection.sound_damaged": _l("选了“完好”，却勾了病害。请改选等级，或清空病害。"),
    "inspection.unknown": _l("本机构没有这份材料，或不在您的权限内。请核对条码或档号。"),
    "inspection.too_many_photos": _l("一次检查最多存 20 张照片。"),
}
SENTENCES.update(ROUNDS)
SENTENCES.update(case_handling_sentences.HANDLING)
for _module in (
    answer_sentences,
    case_outcome_sentences,
    case_sentences,
    case_team_sentences,
    clock_sentences,
    completeness_sentences,
    consultation_sentences,
    figure_sentences,
    import_sentences,
    intake_sentences,
    submission_sentences,
    survey_sentences,
    volume_sentences,
):
    SENTENCES.update(_module.SENTENCES)


def trouble_of(error: Invalid | WrongState | None) -> Any:
    """Return the sentence for what a service refused outside of a form, nothing for nothing."""
    if error is None:
        return ""
    code = error.code if isinstance(error, WrongState) else next(iter(error.problems.values()))[0]
    return SENTENCES.get(code, code)
