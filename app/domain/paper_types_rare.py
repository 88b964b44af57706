"""Kinds of papers that checklists ask for and that come in seldom: code, name, business, class, the titles that name each."""

from __future__ import annotations

from app.domain.intake import Business

_A, _S, _C, _F = Business.APPLICATION, Business.SERVICING, Business.CLAIM, Business.SERVICE

RARE: tuple[tuple[str, str, Business | None, str, str], ...] = (
    # 投保
    ("beneficiary_form", "受益人信息表", _A, "11", "受益人信息表 受益人指定书"),
    ("tax_statement", "税收居民身份声明书", _A, "11", "税收居民身份声明书"),
    ("risk_assessment", "风险承受能力评估书", _A, "22", "风险承受能力评估书"),
    ("double_record", "双录编号登记表", _A, "22", "双录编号登记表 可回溯管理登记表"),
    ("mismatch_statement", "适当性不匹配书面确认书", _A, "22", "适当性不匹配书面确认书"),
    ("illness_questionnaire", "疾病问卷", _A, "14", "疾病问卷 既往症问卷"),
    ("renewal_terms", "续保条件说明书", _A, "23", "续保条件说明书 续保条件说明"),
    ("occupation_notice", "职业告知书", _A, "22", "职业告知书 职业变更告知书"),
    ("other_cover", "其他保险投保情况声明书", _A, "22", "其他保险投保情况声明书 未成年人累计身故保额声明书"),
    ("sales_record", "销售网点及人员登记表", _A, "22", "销售网点及人员登记表"),
    ("social_security", "社保证明", _A, "22", "社保证明 社会保险参保证明"),
    ("special_agreement", "特别约定书", _A, "23", "特别约定书 特别约定清单"),
    ("beneficial_owner", "受益所有人登记表", _A, "11", "受益所有人登记表 受益所有人信息表"),
    ("earlier_policy", "上年保险单", _A, "21", "上年保险单"),
    ("vehicle_tax", "车船税完税证明", _A, "25", "车船税完税证明 车船税减免证明"),
    ("real_name", "实名认证登记表", _A, "11", "实名认证登记表 实名缴费认证登记表"),
    ("coinsurance", "共保协议", _A, "23", "共保协议 共同保险协议 再保险协议"),
    ("turnover", "营业额证明", _A, "51", "营业额证明"),
    ("loss_history", "既往损失记录", _A, "22", "既往损失记录 历年赔付记录"),
    ("ship_survey", "船舶检验证书", _A, "22", "船舶检验证书 船检证书"),
    ("loan_contract", "借款合同", _A, "52", "借款合同 履约合同 主合同"),
    ("counter_guarantee", "反担保合同", _A, "52", "反担保合同 反担保保证书"),
    ("publication_record", "承保公示记录", _A, "22", "承保公示记录 投保公示记录"),
    # 保全
    ("loss_statement", "保单遗失声明书", _S, "24", "保单遗失声明书 挂失声明书 遗失声明书"),
    ("loan_request", "保单贷款申请书", _S, "24", "保单贷款申请书 保单质押贷款申请书 借款申请书"),
    # 理赔
    ("outpatient_invoice", "门诊发票", _C, "32", "门诊发票 门诊发票粘贴单"),
    ("incapacity_report", "完全丧失劳动能力鉴定书", _C, "32", "完全丧失劳动能力鉴定书"),
    ("inheritance_proof", "继承证明", _C, "52", "继承证明 继承人证明 遗产继承证明"),
    ("third_party_papers", "第三者材料清单", _C, "32", "第三者材料清单 三者方材料清单"),
    ("damage_list", "受损标的清单", _C, "32", "受损标的清单 物损清单 受损财产清单"),
    ("towing_invoice", "施救费发票", _C, "32", "施救费发票 拖车费发票"),
    ("operating_licence", "营运资格证明", _C, "32", "营运资格证明"),
    ("vehicle_keys", "车辆钥匙交接单", _C, "32", "车辆钥匙交接单"),
    ("subrogation", "权益转让协议", _C, "33", "权益转让协议"),
    ("claim_receipt", "赔款领取收据", _C, "33", "赔款领取收据 赔款领取凭证"),
    ("expert_report", "检验鉴定报告", _C, "32", "检验鉴定报告 技术鉴定报告 公估报告"),
    ("claim_calculation", "赔款理算书", _C, "33", "赔款理算书 理算书"),
    ("claim_approval", "赔案审批表", _C, "33", "赔案审批表 核赔审批表 核赔意见表"),
    ("inquiry_record", "问询笔录", _C, "32", "问询笔录 询问笔录"),
    ("closing_report", "结案报告", _C, "33", "结案报告 赔案结案报告"),
    ("advance_request", "预付赔款申请书", _C, "31", "预付赔款申请书"),
    ("salvage", "残值处理单", _C, "33", "残值处理单 损余物资处理单"),
    ("service_proof", "送达证明", _C, "34", "送达证明"),
    ("guardian_identity", "监护人身份证件复印件", None, "11", "监护人身份证件复印件"),
    # 客户服务
    ("finding_record", "投诉核实记录", _F, "42", "投诉核实记录 投诉核实报告"),
    ("complaint_decision", "投诉处理决定告知书", _F, "42", "投诉处理决定告知书 消费投诉处理决定告知书"),
    ("complaint_notice", "投诉告知凭证", _F, "42", "投诉告知凭证"),
    ("rectification", "投诉整改单", _F, "42", "投诉整改单 投诉整改报告"),
)
