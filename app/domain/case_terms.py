"""What the register of complaints 投诉登记表 knows of each case: its closed lists of values (DOMAIN 2.3, 2.4)."""

from __future__ import annotations

from enum import StrEnum

MAJOR_FROM_PERSONS = 20  # Art. 29: this many in person together
MOST_REPRESENTATIVES = 5  # Art. 12


class Channel(StrEnum):
    """How a complaint or a question came in 接收渠道."""

    VISIT = "visit"  # 来访
    CALL = "call"  # 来电
    LETTER = "letter"  # 来信
    ONLINE = "online"  # 网络
    COUNTER = "counter"  # 柜面意见簿
    HOTLINE = "hotline"  # 12378转办
    REGULATOR = "regulator"  # 监管局转办
    HEAD_OFFICE = "head_office"  # 总公司转办
    CONSUMERS = "consumers"  # 消保委
    MEDIA = "media"  # 媒体
    OTHER = "other"  # 其他


FORWARDED = frozenset({Channel.HOTLINE, Channel.REGULATOR})  # 监管转办


class ComplainantKind(StrEnum):
    """Who complains 投诉人类型."""

    HOLDER = "holder"  # 投保人
    INSURED = "insured"  # 被保险人
    BENEFICIARY = "beneficiary"  # 受益人
    HEIR = "heir"  # 继承人
    AGENT = "agent"  # 受托人
    ORGANISATION = "organisation"  # 法人


class Paper(StrEnum):
    """What proves that somebody may complain for another (Art. 14)."""

    AUTHORITY = "authority"  # 授权委托书
    KINSHIP = "kinship"  # 继承关系证明
    IDENTITY = "identity"  # 身份证明


class SalesChannel(StrEnum):
    """How the product was sold 销售渠道."""

    AGENT = "agent"  # 个人代理
    BANK = "bank"  # 银邮代理
    BROKER = "broker"  # 专业中介
    PHONE = "phone"  # 电话
    INTERNET = "internet"  # 互联网
    DIRECT = "direct"  # 直销
    GROUP = "group"  # 团险


class ComplaintLine(StrEnum):
    """The product lines of the regulator's bulletins 险种."""

    MOTOR = "motor"  # 机动车辆
    LIABILITY = "liability"  # 责任
    SURETY = "surety"  # 保证
    BUSINESS_PROPERTY = "business_property"  # 企财
    HOME = "home"  # 家财
    AGRICULTURE = "agriculture"  # 农险
    ACCIDENT = "accident"  # 意外
    LIFE = "life"  # 普通人寿
    DISEASE = "disease"  # 疾病
    MEDICAL = "medical"  # 医疗
    PARTICIPATING = "participating"  # 分红
    UNIVERSAL = "universal"  # 万能
    UNIT_LINKED = "unit_linked"  # 投连
    ANNUITY = "annuity"  # 年金


class Dispute(StrEnum):
    """How regulator bulletins split complaints."""

    CONTRACT = "contract"  # 保险合同纠纷
    VIOLATION = "violation"  # 涉嫌违法违规


class Outcome(StrEnum):
    """What a decision says to the request; the last two of a re-examination."""

    GRANTED = "granted"  # 支持
    PARTLY = "partly"  # 部分支持
    REFUSED = "refused"  # 不支持
    SETTLED = "settled"  # 协商、调解解决
    UPHELD = "upheld"  # 核查：维持原决定
    CHANGED = "changed"  # 核查：变更原决定


class BarRelation(StrEnum):
    """Why somebody may not touch a case 回避."""

    ACCUSED = "accused"  # 被投诉人
    RELATIVE = "relative"  # 近亲属
    INTEREST = "interest"  # 利害关系
    DECLARED = "declared"  # 自行回避


class NoticeAbout(StrEnum):
    """What the complainant is told of 告知事项."""

    ACCEPTED = "accepted"  # 受理
    DECLINED = "declined"  # 不予办理
    PAUSE = "pause"  # 鉴定、检测、评估
    EXTENSION = "extension"  # 延期
    DECISION = "decision"  # 处理决定
    OTHER = "other"  # 其他


class FileKind(StrEnum):
    """Papers of a case 附件."""

    EVIDENCE = "evidence"  # 证据材料
    AUTHORITY = "authority"  # 授权委托书
    KINSHIP = "kinship"  # 继承关系证明
    NOTICE = "notice"  # 告知凭证
    EXPERT = "expert"  # 鉴定、检测、评估报告
    DECISION = "decision"  # 处理决定告知书
    OTHER = "other"  # 其他


# The tree of causes as it is shipped: stage of business 业务环节 → causes 原因. Default of DOMAIN 2.4, editable.
CAUSES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("A", "销售", ("夸大收益", "隐瞒免责或退保损失", "代签名", "未如实告知", "捆绑搭售", "营销扰民")),
    ("B", "承保", ("出单慢", "信息错误", "电子保单未送达")),
    ("C", "回访", ("未回访", "回访内容不实")),
    ("D", "保全", ("合同变更", "续期", "复效")),
    ("E", "理赔（给付）", ("责任认定", "金额争议", "时效过长", "资料要求繁琐", "拒赔理由")),
    ("F", "退保", ("金额争议", "时效", "全额退保诉求")),
    ("G", "满期给付", ("金额与预期不符", "给付慢")),
    ("H", "客户服务", ("服务态度", "电话难接通", "等候时间长")),
    ("I", "个人信息", ("信息泄露", "未经同意使用")),
    ("J", "代理人管理", ("离职未交接", "违规收费")),
    ("K", "其他", ("其他原因",)),
)
