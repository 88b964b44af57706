"""The words of lists in tables that people fill in: Chinese on paper and in spreadsheets, codes inside."""

from __future__ import annotations

from collections.abc import Mapping

ID_KINDS: Mapping[str, str] = {
    "居民身份证": "resident_id",
    "护照": "passport",
    "港澳居民来往内地通行证": "hk_macao_permit",
    "台湾居民来往大陆通行证": "taiwan_permit",
    "港澳台居民居住证": "hmt_residence",
    "外国人永久居留身份证": "foreign_permanent",
    "军官证": "military_id",
    "户口簿": "household_book",
    "出生医学证明": "birth_certificate",
    "统一社会信用代码": "uscc",
    "其他证件": "other",
}
SEXES: Mapping[str, str] = {
    "男": "male",
    "女": "female",
    "未说明": "unknown",
}
PRODUCT_LINES: Mapping[str, str] = {
    "人寿保险": "life",
    "健康保险": "health",
    "意外伤害保险": "accident",
    "机动车辆保险": "motor",
    "企业财产保险": "enterprise_property",
    "家庭财产保险": "home_property",
    "工程保险": "engineering",
    "货物运输保险": "cargo",
    "船舶保险": "hull",
    "特殊风险保险": "special_risk",
    "责任保险": "liability",
    "信用保证保险": "credit_guarantee",
    "农业保险": "agriculture",
    "短期健康和意外保险": "short_health_accident",
    "其他财产险": "other",
}
TERM_KINDS: Mapping[str, str] = {
    "短期": "short",
    "长期": "long",
}
DESIGN_TYPES: Mapping[str, str] = {
    "普通型": "ordinary",
    "分红型": "participating",
    "万能型": "universal",
    "投资连结型": "unit_linked",
    "变额型": "variable",
}
CHANNELS: Mapping[str, str] = {
    "个人代理": "agent",
    "银邮代理": "bank",
    "专业中介": "broker",
    "电话销售": "phone",
    "互联网": "internet",
    "直销": "direct",
    "团险": "group",
}
PAY_MODES: Mapping[str, str] = {
    "趸交": "single",
    "期交": "periodic",
}
PAY_FREQUENCIES: Mapping[str, str] = {
    "年交": "annual",
    "半年交": "semiannual",
    "季交": "quarterly",
    "月交": "monthly",
    "不定期交": "irregular",
}
POLICY_STATUSES: Mapping[str, str] = {
    "投保中": "applied",
    "待核保": "underwriting",
    "拒保": "declined",
    "延期承保": "postponed",
    "撤单": "withdrawn",
    "已承保": "accepted",
    "待生效": "pending",
    "有效": "in_force",
    "宽限期": "grace",
    "效力中止": "lapsed",
    "减额交清": "paid_up",
    "贷款中": "on_loan",
    "豁免保费": "waived",
    "批改中": "endorsing",
    "犹豫期退保": "cooled_off",
    "退保": "surrendered",
    "理赔终止": "claimed_out",
    "满期": "matured",
    "合同解除": "rescinded",
    "失效满二年解除": "lapse_ended",
    "注销": "cancelled",
    "到期终止": "expired",
    "到期已续保": "renewed",
    "终止": "terminated",
}
CLAIM_KINDS: Mapping[str, str] = {
    "疾病身故": "death_illness",
    "意外身故": "death_accident",
    "全残/伤残": "disability",
    "重大疾病": "critical_illness",
    "中症": "moderate_illness",
    "轻症": "mild_illness",
    "住院医疗": "inpatient",
    "门急诊医疗": "outpatient",
    "意外医疗": "accident_medical",
    "住院津贴": "hospital_allowance",
    "豁免保费": "premium_waiver",
    "失能/护理": "care",
    "满期/生存/年金给付": "survival_benefit",
    "车损": "motor_damage",
    "物损": "property_damage",
    "人伤": "bodily_injury",
    "车辆盗抢": "vehicle_theft",
    "火灾": "fire",
    "爆炸": "explosion",
    "水灾/暴雨/台风": "flood_storm",
    "盗窃": "theft",
    "责任": "liability",
    "货损": "cargo_damage",
    "农险灾害": "agricultural",
    "信用保证违约": "credit_default",
    "其他赔案": "other",
}
CLAIM_STATUSES: Mapping[str, str] = {
    "报案": "reported",
    "立案": "opened",
    "查勘调查": "investigating",
    "定损理算": "assessing",
    "核赔": "approving",
    "已通知": "notified",
    "支付": "paying",
    "结案": "closed",
    "复议": "reconsidering",
    "诉讼": "litigating",
    "追偿": "recovering",
    "重开": "reopened",
}
CUSTOMER_KINDS: Mapping[str, str] = {"个人": "person", "单位": "organisation"}
LEVELS: Mapping[str, str] = {"内部": "1", "敏感": "2", "秘密": "3", "机密": "4"}
CARRIERS: Mapping[str, str] = {"纸质": "paper", "电子": "electronic", "双套": "dual"}
YES_NO: Mapping[str, str] = {"是": "1", "否": "", "原件": "1", "复制件": ""}
