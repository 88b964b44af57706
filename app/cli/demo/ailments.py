"""What brings invented people to hospital: a diagnosis with everything that its papers say about it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Ailment:
    """A diagnosis and the words of its case history. `days` in hospital, `cost` in yuan; `accident` says how it came about."""

    diagnosis: str
    icd: str
    department: str
    complaint: str
    history: str
    findings: str
    tests: str
    treatment: str
    drugs: tuple[str, ...]
    days: int
    cost: int
    accident: bool = False
    critical: bool = False
    women_only: bool = False
    traffic: bool = False


AILMENTS = (
    Ailment(
        "右桡骨远端骨折",
        "S52.501",
        "骨科",
        "摔倒后右腕部疼痛、活动受限3小时",
        "患者3小时前行走时不慎滑倒，右手掌撑地，当即感右腕部剧痛、肿胀，活动受限，无昏迷、呕吐。",
        "右腕部肿胀，餐叉样畸形，压痛明显，可及骨擦感，桡动脉搏动可，末梢血运良好。",
        "X线片示：右桡骨远端骨折，断端向背侧移位。",
        "行手法复位、石膏托外固定，消肿止痛，功能锻炼。",
        ("七叶皂苷钠片", "塞来昔布胶囊", "伤科接骨片"),
        6,
        9_800,
        accident=True,
    ),
    Ailment(
        "左胫腓骨骨折",
        "S82.201",
        "创伤骨科",
        "车祸致左小腿肿痛、畸形2小时",
        "患者2小时前骑电动车时与小型轿车相撞，左小腿疼痛、畸形，不能站立，由急救车送至我院。",
        "左小腿中段肿胀畸形，反常活动，足背动脉搏动可及，足趾感觉活动正常。",
        "CT示：左胫腓骨中下段粉碎性骨折。",
        "在椎管内麻醉下行左胫骨骨折切开复位内固定术，术后抗炎、抗凝、换药。",
        ("头孢呋辛钠", "低分子肝素钠", "氟比洛芬酯", "骨肽注射液"),
        18,
        46_500,
        accident=True,
        traffic=True,
    ),
    Ailment(
        "左侧多发肋骨骨折",
        "S22.400",
        "胸外科",
        "车祸致左胸部疼痛、呼吸受限1小时",
        "患者1小时前骑车过路口时被左转车辆撞倒，左胸部着地，当即胸痛，深呼吸时加重，无咯血，无昏迷。",
        "左侧胸廓压痛，胸廓挤压征阳性，双肺呼吸音对称，未及皮下气肿。",
        "胸部CT三维重建示：左侧第4至7肋骨骨折，断端无明显错位，未见气胸。",
        "胸带固定，止痛、化痰、预防感染，指导呼吸锻炼。",
        ("氟比洛芬酯", "氨溴索注射液", "接骨七厘片"),
        10,
        14_200,
        accident=True,
        traffic=True,
    ),
    Ailment(
        "急性阑尾炎",
        "K35.800",
        "普外科",
        "转移性右下腹痛1天",
        "患者1天前无明显诱因出现上腹隐痛，后转移并固定于右下腹，伴恶心，未呕吐，低热。",
        "右下腹麦氏点压痛、反跳痛阳性，轻度肌紧张。",
        "白细胞14.2×10⁹/L，中性粒细胞86%；超声示阑尾增粗。",
        "在全麻下行腹腔镜阑尾切除术，术后抗感染、补液治疗。",
        ("头孢曲松钠", "奥硝唑氯化钠", "泮托拉唑钠"),
        6,
        13_600,
    ),
    Ailment(
        "社区获得性肺炎",
        "J15.900",
        "呼吸内科",
        "发热、咳嗽、咳痰5天",
        "患者5天前受凉后发热，体温最高39.1℃，咳黄色黏痰，自服感冒药无好转。",
        "双肺呼吸音粗，右下肺可闻及湿性啰音。",
        "胸部CT示：右肺下叶斑片状高密度影。",
        "抗感染、化痰、退热及对症支持治疗。",
        ("莫西沙星氯化钠", "氨溴索注射液", "布洛芬混悬液"),
        9,
        8_700,
    ),
    Ailment(
        "甲状腺乳头状癌",
        "C73.x00",
        "甲状腺外科",
        "体检发现甲状腺结节2周",
        "患者2周前体检行甲状腺超声发现右叶结节，TI-RADS 4b类，细针穿刺提示乳头状癌。",
        "甲状腺右叶可及约1.2cm结节，质硬，随吞咽活动，颈部未及肿大淋巴结。",
        "术后病理：甲状腺右叶乳头状癌，未见脉管侵犯。",
        "在全麻下行甲状腺右叶及峡部切除术并中央区淋巴结清扫。",
        ("左甲状腺素钠片", "葡萄糖酸钙", "头孢唑林钠"),
        7,
        24_300,
        critical=True,
    ),
    Ailment(
        "乳腺浸润性导管癌",
        "C50.900",
        "乳腺外科",
        "发现左乳肿物1月",
        "患者1月前自检发现左乳外上象限肿物，约2cm，无疼痛，无乳头溢液。",
        "左乳外上象限触及2.0cm×1.8cm肿物，质硬，边界不清。",
        "病理：左乳浸润性导管癌，ER(+) PR(+) HER2(-)。",
        "行左乳癌改良根治术，术后拟行辅助化疗。",
        ("多柔比星", "环磷酰胺", "昂丹司琼", "来曲唑片"),
        14,
        58_200,
        critical=True,
        women_only=True,
    ),
    Ailment(
        "急性心肌梗死",
        "I21.900",
        "心血管内科",
        "突发胸痛4小时",
        "患者4小时前活动后突发胸骨后压榨样疼痛，向左肩放射，伴大汗，含服硝酸甘油不缓解。",
        "神志清，痛苦面容，心率96次/分，律齐，双肺底少许湿啰音。",
        "心电图示V1–V4导联ST段抬高；肌钙蛋白I 8.6ng/mL。",
        "急诊行冠状动脉造影及前降支支架植入术，双联抗血小板、调脂治疗。",
        ("阿司匹林肠溶片", "替格瑞洛片", "阿托伐他汀钙片", "美托洛尔缓释片"),
        10,
        62_800,
        critical=True,
    ),
    Ailment(
        "2型糖尿病伴高血压",
        "E11.900",
        "内分泌科",
        "口干、多饮、多尿半年",
        "患者半年前出现口干多饮，体重下降约4kg，测空腹血糖11.3mmol/L。",
        "体温36.5℃，血压152/94mmHg，心肺腹无明显异常。",
        "糖化血红蛋白9.1%，尿糖(+++)，尿酮体(-)。",
        "控制饮食，口服降糖药联合基础胰岛素，监测血糖血压。",
        ("二甲双胍缓释片", "甘精胰岛素", "缬沙坦胶囊"),
        8,
        7_900,
    ),
    Ailment(
        "腰椎间盘突出症",
        "M51.202",
        "脊柱外科",
        "腰痛伴右下肢放射痛2月",
        "患者2月前劳累后腰痛，逐渐向右下肢放射，久坐加重，卧床可缓解。",
        "L4/5棘间压痛，右直腿抬高试验40°阳性，右足背感觉减退。",
        "MRI示：L4/5椎间盘向右后突出，压迫神经根。",
        "脱水、营养神经、牵引理疗，必要时手术治疗。",
        ("甘露醇", "甲钴胺注射液", "乙哌立松片"),
        11,
        9_200,
    ),
    Ailment(
        "头部外伤、脑震荡",
        "S06.000",
        "神经外科",
        "高处坠落致头痛、头晕1小时",
        "患者1小时前从约2米高处坠落，头部着地，伤后意识丧失约5分钟，醒后头痛、恶心。",
        "神志清，GCS 15分，左枕部头皮血肿3cm×3cm，双瞳等大等圆。",
        "头颅CT：左枕部头皮血肿，颅内未见明显出血。",
        "卧床休息，止血、脱水、营养神经及对症治疗。",
        ("氨甲环酸", "甘露醇", "胞磷胆碱钠"),
        7,
        8_400,
        accident=True,
    ),
)


def invent_ailment(
    rng: Random, *, female: bool, accident: bool, critical: bool = False, traffic: bool = False
) -> Ailment:
    """Return an injury or an illness; a grave one, or one from the road, where asked for."""
    fitting = [a for a in AILMENTS if a.accident == accident and a.critical >= critical and a.traffic >= traffic]
    return rng.choice([a for a in fitting if female or not a.women_only])
