"""The kinds of paper 单证类型 as shipped: what each is called, where it is filed, how its title is made. Seed of an editable table.

Titles follow 责任者 + 事由 + 文种. In a title pattern `{name}` is who it is about, `{matter}` the product or the kind of claim,
`{policy}`, `{claim}` and `{date}` what was found; a bracket in which something is missing is left out. Sources: the checklists of
insurers and 单证 of underwriting, servicing and claims.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.intake import Business
from app.domain.normal import clean_text
from app.domain.paper_types_rare import RARE

_POLICY = "（保单号{policy}）"
_CLAIM = "（赔案号{claim}）"
_DATE = "（{date}）"
_BRACKET = re.compile(r"（[^（）]*）")
_FIELD = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True, slots=True)
class PaperTypeSeed:
    """A kind of paper. `main` has others hanging under it 主单证; `business` None fits any.

    `titles` are the words at its head that name it, `words` what else stands on it and on few others.
    """

    code: str
    name: str
    business: Business | None
    category_code: str
    title_pattern: str
    titles: tuple[str, ...]
    words: tuple[str, ...]
    main: bool = False


def fill_title(pattern: str, parts: Mapping[str, str]) -> str:
    """Return the title that `pattern` makes of `parts`; brackets with something missing go, other gaps close."""

    def keep(match: re.Match[str]) -> str:
        return match[0] if all(parts.get(field) for field in _FIELD.findall(match[0])) else ""

    whole = _BRACKET.sub(keep, pattern)
    return clean_text(_FIELD.sub(lambda match: parts.get(match[1], ""), whole))


def _kind(
    code: str,
    name: str,
    business: Business | None,
    category: str,
    titles: str,
    words: str,
    *,
    end: str = "",
    main: bool = False,
    matter: bool = False,
) -> PaperTypeSeed:
    pattern = f"{{name}}{'{matter}' if matter else ''}{name}{end}"
    return PaperTypeSeed(code, name, business, category, pattern, tuple(titles.split()), tuple(words.split()), main)


_A, _S, _C, _F, _O = Business.APPLICATION, Business.SERVICING, Business.CLAIM, Business.SERVICE, Business.OTHER

SEED: tuple[PaperTypeSeed, ...] = (
    # 投保
    _kind(
        "application",
        "投保单",
        _A,
        "22",
        "人身保险投保单 财产保险投保单 投保单 投保书 投保申请书 机动车辆保险投保单 团体保险投保单",
        "投保人资料 被保险人资料 受益人资料 投保事项 投保人声明 投保人、被保险人声明与授权 首期交费账户 "
        "风险提示语句抄录 核保结论 红利领取方式",
        end=_POLICY,
        main=True,
        matter=True,
    ),
    _kind(
        "identity_card",
        "身份证复印件",
        None,
        "11",
        "居民身份证 居民身份证件 中华人民共和国居民身份证 身份证复印件",
        "公民身份号码 签发机关 有效期限 与原件核对一致 民族 住址",
    ),
    _kind(
        "household_register",
        "户口簿复印件",
        None,
        "11",
        "常住人口登记卡 户口簿 居民户口簿 户口簿复印件",
        "户主或与户主关系 曾用名 籍贯 服务处所 何时由何地迁来本市 何时由何地迁来本址 宗教信仰 公民身份证件编号",
    ),
    _kind(
        "business_licence",
        "营业执照复印件",
        None,
        "11",
        "营业执照 营业执照复印件",
        "统一社会信用代码 法定代表人 注册资本 营业期限 经营范围 登记机关 成立日期 依法须经批准的项目",
    ),
    _kind(
        "notice",
        "投保提示书",
        _A,
        "22",
        "人身保险投保提示书 投保提示书 投保提示",
        "尊敬的客户 填写投保单之前认真阅读 销售人员应当出示执业证件 无条件解除合同 新型产品的风险和特点 亲笔签名 犹豫期",
        matter=True,
    ),
    _kind(
        "product_statement",
        "产品说明书",
        _A,
        "23",
        "产品说明书 利益演示 产品利益演示表 分红保险产品说明书",
        "利益演示 保单年度 红利分配 结算利率 不确定 初始费用 演示假设",
        matter=True,
    ),
    _kind(
        "transfer_authority",
        "银行转账授权书",
        _A,
        "25",
        "委托银行自动转账授权书 银行转账授权书 自动转账授权书 转账授权书",
        "授权人 授权书编号 开户城市 转账用途 账户所有人 划转应交保险费 变更账户、终止授权 续期保险费",
    ),
    _kind(
        "agent_report",
        "业务员报告书",
        _A,
        "22",
        "业务员报告书 营销员报告书 代理人报告书 销售人员报告书",
        "与投保人相识 认识多久 投保动机 是否亲自面见被保险人 有无异常 业务员声明 招揽经过",
    ),
    _kind(
        "health_declaration",
        "健康告知书",
        _A,
        "14",
        "被保险人健康告知书 健康告知书 健康告知 健康问卷 健康声明书",
        "询问事项 您是否患有或曾患有 您是否目前正在住院 您过去两年内 如上述答案为是 未如实告知的法律后果 每日超过二十支 保险法第十六条",
    ),
    _kind(
        "check_up",
        "体检报告",
        _A,
        "14",
        "健康体检报告 体检报告 体检报告书 健康检查报告",
        "体检编号 体检日期 一般检查 实验室检查 参考范围 总检结论与建议 总检医师 各科检查 心电图 体重指数",
    ),
    _kind(
        "financial_questionnaire",
        "财务问卷",
        _A,
        "13",
        "财务问卷 财务状况问卷 财务状况告知书",
        "最近三年收入情况 资产与负债 资金来源 投保目的 房贷余额 工资薪金 任职年限 已有寿险保额",
    ),
    _kind(
        "income_proof",
        "收入证明",
        _A,
        "13",
        "收入证明 资产证明 个人收入证明 在职及收入证明",
        "兹证明 月收入 年收入 税后 我单位职工 人事部门 在我单位工作",
    ),
    _kind(
        "customer_identification",
        "客户身份识别表",
        _A,
        "11",
        "客户身份识别表 客户尽职调查表 税收居民身份声明 个人税收居民身份声明文件",
        "反洗钱 客户身份识别 风险等级 受益所有人 税收居民 纳税人识别号 非居民 职业及收入来源",
    ),
    _kind(
        "needs_analysis",
        "需求分析及财务支付水平评估表",
        _A,
        "22",
        "需求分析及财务支付水平评估表 风险承受能力评估 风险承受能力测评问卷 适当性评估表",
        "风险承受能力 财务支付水平 需求分析 适当性 投资经验 家庭年收入 评估结果",
    ),
    _kind(
        "delivery_receipt",
        "保险合同送达回执",
        _A,
        "21",
        "保险合同送达回执 合同送达回执 保单送达回执 保单回执",
        "已收到上述保险合同 送达方式 投保人签收 回访方式 方便回访的电话 公司留存联 十五日的犹豫期 资料是否齐全",
        end=_POLICY,
    ),
    _kind(
        "premium_receipt",
        "交费凭证",
        _A,
        "25",
        "保险费收据 保费收据 交费凭证 首期交费凭证 保费发票 批扣成功通知",
        "保险费收据 收款方式 交费人 收款人 保费所属期间 批扣成功 交费日期",
        end=_POLICY,
    ),
    _kind(
        "policy_copy",
        "保险单",
        _A,
        "21",
        "保险单 保险单副本 保险单正本 保单 电子保单 保险凭证",
        "合同成立日 保险利益 现金价值表 保险期满日 特别约定 Insurance Policy 签发日期 总经理 保单年度末",
        end=_POLICY,
        main=True,
        matter=True,
    ),
    # 保全
    _kind(
        "change_request",
        "保全变更申请书",
        _S,
        "24",
        "保险合同内容变更申请书 保全变更申请书 保全申请书 变更申请书 合同内容变更申请书 客户资料变更申请书",
        "申请变更项目 客户资料 变更前 变更后 联系方式变更 受益人变更 交费方式变更 保单复效 保单补发 公司受理栏",
        end=_POLICY,
        main=True,
    ),
    _kind(
        "endorsement",
        "批单",
        _S,
        "24",
        "批单 保险批单 批注",
        "批单号 批改类型 批改内容 批改生效日 兹经双方同意 特此批注 Endorsement 其他承保条件不变 应退保费",
        end=_POLICY,
    ),
    _kind(
        "surrender",
        "退保申请书",
        _S,
        "24",
        "解除保险合同（退保）申请书 解除保险合同申请书 退保申请书 解除合同申请书",
        "退保类型 退保原因 犹豫期后退保 未领红利 扣除借款 实退金额 代理退保 已知悉退保损失 退还金额",
        end=_POLICY,
        main=True,
    ),
    # 理赔
    _kind(
        "claim_request",
        "理赔申请书",
        _C,
        "31",
        "理赔申请书 索赔申请书 保险金给付申请书 给付申请书 机动车辆保险索赔申请书",
        "出险人信息 申请人信息 出险信息 申请类型 出险日期 出险地点 提交资料清单 给付方式 事故经过 理赔服务 与出险人关系",
        end=_CLAIM,
        main=True,
        matter=True,
    ),
    _kind(
        "loss_report",
        "出险通知书",
        _C,
        "31",
        "出险通知书 出险通知 报案登记表 报案记录",
        "报案人 出险时间 报案时间 出险原因 估计损失 驾驶员姓名 处理机关",
        end=_CLAIM,
    ),
    _kind(
        "outpatient_record",
        "门诊病历",
        _C,
        "32",
        "门诊病历 门急诊病历 急诊病历 病历 住院病历",
        "主诉 现病史 既往史 查体 辅助检查 初步诊断 门诊号 药物过敏史 就诊日期 处方 医师签名",
    ),
    _kind(
        "discharge_summary",
        "出院小结",
        _C,
        "32",
        "出院小结 出院记录 出院证明",
        "入院日期 出院日期 住院天数 入院诊断 出院诊断 入院情况 诊疗经过 出院情况 出院医嘱 转归 主治医师",
    ),
    _kind(
        "diagnosis_certificate",
        "诊断证明",
        _C,
        "32",
        "疾病诊断证明书 诊断证明书 诊断证明 医学诊断证明书",
        "处理意见 单位或住址 科主任 未加盖医院诊断证明专用章无效 涂改无效 不作司法鉴定依据 期间留陪护",
    ),
    _kind(
        "invoice",
        "医疗费发票",
        _C,
        "32",
        "医疗住院收费票据 医疗门诊收费票据 医疗收费票据 收费票据 住院收费票据 门诊收费票据 医疗费发票",
        "票据代码 票据号码 交款人 开票日期 业务流水号 医保统筹支付 个人账户支付 个人现金 收款单位 住院科别",
    ),
    _kind(
        "charge_list",
        "住院费用清单",
        _C,
        "32",
        "住院病人费用清单 费用清单 住院费用清单 门诊费用清单 费用明细清单 医疗费用明细",
        "项目名称 规格 单价 数量 费别 床位费 护理费 静脉输液 一次性输液器 甲类 诊察费",
    ),
    _kind(
        "pathology_report",
        "病理检查报告",
        _C,
        "32",
        "病理检查报告 病理诊断报告 病理报告 病理检查报告单 病理诊断报告单",
        "病理号 送检标本 肉眼所见 镜下所见 病理诊断 免疫组化 送检医师 标本",
    ),
    _kind(
        "examination_report",
        "检查检验报告",
        _C,
        "32",
        "检查报告单 检验报告单 影像检查报告 诊断报告单 CT检查报告单 超声检查报告单 MRI检查报告单",
        "影像所见 影像诊断 检查部位 检查方法 报告医师 审核医师 标本种类 送检日期 检验者",
    ),
    _kind(
        "accident_report",
        "事故认定书",
        _C,
        "32",
        "道路交通事故认定书 交通事故认定书 事故认定书 责任认定书 道路交通事故责任认定书 意外事故证明",
        "公交认字 事故时间 事故地点 当事人甲 当事人乙 交通警察 车辆号牌 道路交通事故基本事实 形成原因分析 书面复核申请 无责任",
        matter=True,
    ),
    _kind(
        "disability_report",
        "伤残鉴定书",
        _C,
        "32",
        "司法鉴定意见书 伤残鉴定书 伤残鉴定意见书 劳动能力鉴定结论书 伤残等级鉴定书",
        "被鉴定人 委托事项 基本案情 资料摘要 鉴定过程 分析说明 鉴定意见 司法鉴定人 伤残程度 临鉴字",
        matter=True,
    ),
    _kind(
        "death_certificate",
        "死亡证明",
        _C,
        "32",
        "居民死亡医学证明书 居民死亡医学证明（推断）书 居民医学死亡证明 死亡证明 死亡医学证明书 火化证明 户籍注销证明",
        "死亡日期 死亡原因 死亡地点 直接导致死亡的疾病 根本死亡原因 火化日期 户口注销 常住户口",
        matter=True,
    ),
    _kind(
        "relationship_proof",
        "关系证明",
        _C,
        "32",
        "关系证明 亲属关系证明 受益人关系证明 亲属关系公证书 结婚证 出生医学证明",
        "系父子关系 系母子关系 系夫妻关系 亲属关系 特此证明 村民委员会 居民委员会 派出所",
    ),
    _kind(
        "bank_card",
        "银行卡复印件",
        None,
        "25",
        "银行卡 银行卡复印件 借记卡 储蓄卡 银行账户复印件 存折",
        "银联 UnionPay 借记卡 VALID THRU 储蓄 持卡人 开户行 卡号",
    ),
    _kind(
        "vehicle_licence",
        "行驶证复印件",
        None,
        "32",
        "中华人民共和国机动车行驶证 机动车行驶证 行驶证 行驶证复印件",
        "号牌号码 车辆类型 所有人 使用性质 品牌型号 车辆识别代号 发动机号码 核定载人数 整备质量 检验有效期",
    ),
    _kind(
        "driving_licence",
        "驾驶证复印件",
        _C,
        "32",
        "中华人民共和国机动车驾驶证 机动车驾驶证 驾驶证 驾驶证复印件",
        "准驾车型 初次领证日期 有效期限 证号 国籍 档案编号 Driving License",
    ),
    _kind(
        "survey_report",
        "查勘报告",
        _C,
        "32",
        "查勘报告 现场查勘报告 机动车辆保险事故现场查勘记录 现场查勘记录 事故查勘报告 调查报告 理赔调查报告",
        "查勘人 查勘时间 查勘地点 出险经过 现场情况 查勘意见 查勘员 责任判断 施救情况 调查结论",
        end=_CLAIM,
    ),
    _kind(
        "loss_assessment",
        "定损单",
        _C,
        "32",
        "机动车辆保险定损单 定损单 车辆损失情况确认书 机动车辆损失确认书 损失确认书 损失清单",
        "换件项目 修理项目 定损员 定损金额 工时费 残值 材料费合计 更换配件 核损",
        end=_CLAIM,
    ),
    _kind(
        "repair_invoice",
        "维修发票",
        _C,
        "32",
        "维修发票 机动车维修发票 汽车维修费发票 增值税普通发票 增值税专用发票 电子发票（普通发票） 维修清单",
        "汽车维修 修理费 销售方 购买方 价税合计 税率 货物或应税劳务 工时费 开票人 纳税人识别号",
    ),
    _kind(
        "work_loss_proof",
        "误工证明",
        _C,
        "32",
        "误工证明 误工收入证明 护理证明 停工证明",
        "误工 扣发工资 停发工资 近三个月 月平均工资 护理人员 未到岗",
    ),
    _kind(
        "settlement_agreement",
        "调解书",
        _C,
        "32",
        "人民调解协议书 调解书 调解协议书 事故损害赔偿调解书 赔偿协议书 赔款收据 权益转让书",
        "调解员 达成协议如下 赔偿金额 双方自愿 一次性赔偿 权益转让 收到赔款 损害赔偿",
    ),
    _kind(
        "decision_notice",
        "理赔决定通知书",
        _C,
        "33",
        "理赔决定通知书 理赔通知书 给付通知书 赔款计算书 理赔给付通知书 结案通知书",
        "决定通知如下 给付合计 不属于责任 免赔额 给付比例 给付金额 达成给付协议 领款人 送达回证 计算依据",
        end=_CLAIM,
    ),
    _kind(
        "refusal_notice",
        "拒赔通知书",
        _C,
        "34",
        "拒绝给付保险金通知书 拒赔通知书 不予给付通知书 拒绝赔偿通知书 不予受理通知书",
        "不予给付的决定 拒赔原因 条款依据 第二十四条 决定日期 随本通知退还 核实并核对条款 送达回证 收悉",
        end=_CLAIM,
    ),
    # 客户服务
    _kind(
        "consultation",
        "咨询记录单",
        _F,
        "41",
        "客户咨询记录单 咨询记录单 咨询记录表 咨询登记表",
        "咨询日期 咨询时间 咨询方式 咨询类别 咨询内容 答复内容 客户反馈 是否转办 客户服务部",
        end=_DATE,
    ),
    _kind(
        "complaint",
        "投诉登记表",
        _F,
        "42",
        "消费投诉登记表 投诉登记表 客户投诉登记表 投诉处理登记表 投诉处理单",
        "投诉人 投诉编号 投诉渠道 投诉类别 投诉事项及诉求 受理决定 核实情况 处理决定 办理期限 消费者权益保护部",
        end=_DATE,
    ),
    _kind(
        "survey",
        "满意度问卷",
        _F,
        "43",
        "客户服务满意度调查问卷 满意度调查问卷 满意度问卷 满意度调查表 客户满意度调查表",
        "非常满意 您的评价 推荐分值 意见和建议 调查员 感谢您选择本公司 愿意向亲友推荐 非常不满意",
        end=_DATE,
    ),
    _kind(
        "call_back",
        "回访记录",
        _F,
        "44",
        "回访记录 回访记录单 回访问卷 新契约回访记录 电话回访记录表",
        "回访日期 回访人 回访结果 录音编号 是否本人 是否知悉犹豫期 回访方式 是否亲笔签名 接通",
        end=_DATE,
    ),
    # 其他
    _kind(
        "credit_report",
        "信用评估报告",
        _O,
        "51",
        "企业信用评估报告 信用评估报告 信用评级报告 个人信用报告 征信报告",
        "企业基本情况 主要财务指标 偿债能力 盈利能力 履约记录 信用等级 综合评分 建议授信额度 资产总额 评估人",
    ),
    _kind(
        "lawyer_letter",
        "律师函",
        _O,
        "52",
        "律师函 律师催告函",
        "律师事务所 委托人 郑重致函 指派本所律师 特此函告 依法提起诉讼 函字第 望慎重处理 本函",
    ),
    _kind(
        "notarial_deed",
        "公证书",
        _O,
        "52",
        "公证书 继承权公证书 委托公证书",
        "公证处 公证员 兹证明 公证事项 证字第 申请人 公证",
        matter=True,
    ),
    _kind(
        "court_ruling",
        "法院裁判文书",
        _O,
        "52",
        "民事判决书 民事调解书 民事裁定书 仲裁裁决书 判决书 裁定书",
        "人民法院 原告 被告 审判长 审判员 书记员 判决如下 本院认为 诉讼请求 案件受理费",
        matter=True,
    ),
    _kind(
        "power_of_attorney",
        "授权委托书",
        None,
        "52",
        "授权委托书 委托书 委托授权书 理赔委托书",
        "委托人 受托人 委托事项 委托权限 委托期限 代为办理 转委托",
    ),
    _kind(
        "consent",
        "被保险人同意书",
        _A,
        "22",
        "被保险人同意书 被保险人同意声明 未成年人投保声明 未成年人特别约定",
        "以死亡为给付条件 同意投保并认可保险金额 监护人签名 未成年人",
    ),
    _kind(
        "applicant_statement",
        "投保声明书",
        _A,
        "22",
        "投保声明书 投保声明 投保人声明 责任免除说明书 条款说明确认书 适当性不匹配确认书",
        "责任免除条款 已作明确说明 本人自愿投保 不匹配 风险自担",
    ),
    _kind(
        "insured_list",
        "被保险人清单",
        _A,
        "22",
        "被保险人清单 被保险人名册 人员清单 参保人员清单",
        "被保险人人数 序号 工种 参保人员",
    ),
    _kind(
        "property_list",
        "财产清单",
        _A,
        "22",
        "财产清单 投保财产清单 固定资产明细表 分户清单 标的清单",
        "账面原值 标的名称 坐落地址 存放地点 养殖数量 种植面积",
    ),
    _kind(
        "title_deed",
        "权属证明",
        None,
        "22",
        "不动产权证书 房屋所有权证 房产证 土地承包经营权证 房屋租赁合同 租赁合同",
        "权利人 共有情况 不动产单元号 出租方 承租方 承包方 租赁期限",
    ),
    _kind(
        "qualification",
        "资质证书",
        _A,
        "22",
        "资质证书 经营许可证 道路运输证 从业资格证 免疫证明",
        "许可范围 发证机关 资质等级 证书编号",
    ),
    _kind(
        "risk_questionnaire",
        "风险询问表",
        _A,
        "22",
        "风险询问表 风险问询表 投保风险查勘报告 风险查勘报告",
        "消防设施 建筑结构 自动喷淋 既往损失记录 周边环境",
    ),
    _kind(
        "trade_papers",
        "贸易单证",
        None,
        "22",
        "买卖合同 贸易合同 购销合同 提单 装箱单 商业发票",
        "买方 卖方 起运港 目的港 运输工具 货物名称 毛重",
    ),
    _kind(
        "vehicle_title",
        "机动车登记证书",
        None,
        "22",
        "机动车登记证书 机动车销售统一发票 车辆合格证 购车发票 车船税证明",
        "注册登记机关 登记日期 车辆识别代号 不含税价 合格证号 完税凭证号码",
    ),
    _kind(
        "financial_statement",
        "财务报表",
        None,
        "51",
        "资产负债表 利润表 财务报表 现金流量表",
        "期末余额 年初余额 流动资产合计 所有者权益合计 本期金额",
    ),
    _kind(
        "photographs",
        "查勘照片",
        None,
        "32",
        "查勘照片粘贴页 照片粘贴页 查勘照片 验车照片 验标照片",
        "拍摄时间 拍摄地点 拍摄人 照片说明",
    ),
    _kind(
        "official_proof",
        "公安气象消防证明",
        _C,
        "32",
        "报案回执 受案回执 立案决定书 气象证明 火灾事故认定书 火灾证明 接处警证明 工伤认定决定书",
        "公安局 气象台 消防救援 降水量 起火原因 受案登记 工伤保险条例",
    ),
    *(_kind(code, name, business, category, titles, "") for code, name, business, category, titles in RARE),
    _kind(
        "other",
        "其他材料",
        None,
        "53",
        "",
        "",
    ),
)

BY_CODE: Mapping[str, PaperTypeSeed] = {seed.code: seed for seed in SEED}
