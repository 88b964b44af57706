"""The printed forms 表单 of the house: columns from left to right as the trade has them (DOMAIN 3.8, 3.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RegisterKind(StrEnum):
    """The registers that can be printed."""

    FILED_ITEMS = "filed_items"  # 归档文件目录
    CUSTOMERS = "customers"  # 客户档案登记簿
    LOANS = "loans"  # 借阅登记簿
    USES = "uses"  # 档案利用登记表
    EFFECTS = "effects"  # 利用效果登记表
    MOVEMENTS = "movements"  # 档案出入库登记簿
    CLIMATE = "climate"  # 温湿度登记表
    SAFETY = "safety"  # 库房安全检查表
    STOCKTAKE = "stocktake"  # 盘点清册
    REPAIRS = "repairs"  # 修复登记表
    TRANSFER = "transfer"  # 移交清册
    HANDOVER = "handover"  # 岗位交接清册
    COMPLAINTS = "complaints"  # 投诉台账
    CONSULTATIONS = "consultations"  # 咨询台账
    CALL_BACKS = "call_backs"  # 回访登记
    SATISFACTION = "satisfaction"  # 满意度汇总
    SCAN_BATCHES = "scan_batches"  # 扫描批次登记
    MISSING_PAPERS = "missing_papers"  # 欠件台账
    VOLUMES = "volumes"  # 案卷目录
    VOLUME_ITEMS = "volume_items"  # 卷内文件目录


# Fields of the filter that a register may take.
BRANCH, YEAR, CATEGORY, PERIOD, FILED, SPAN = "branch_id", "year", "category", "period", "filed", "span"
ROOM, MONTH, STOCKTAKE, TRANSFER, HANDOVER = "room_id", "month", "stocktake_id", "transfer_id", "handover_id"
VOLUME = "volume_id"
Columns = tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A register as a form: its title, its columns with their share of the width in per cent, who signs.

    `takes` are the fields that narrow it, `needs` those it cannot be printed without. `copies` names each copy of a
    form that several sides keep.
    """

    title: str
    columns: Columns
    takes: tuple[str, ...] = (BRANCH, YEAR, SPAN)
    needs: tuple[str, ...] = ()
    paper: str = "A4"
    copies: tuple[str, ...] = ()
    signatures: tuple[str, ...] = ("制表人", "审核人", "机构负责人", "日期")

    @property
    def is_numbered(self) -> bool:
        """True when the rows are counted in a first column 序号."""
        return self.columns[0][0] == "序号"


FORMS: Mapping[RegisterKind, RegisterForm] = {
    RegisterKind.FILED_ITEMS: RegisterForm(
        "归档文件目录",
        (
            ("序号", 5, "center"),
            ("档号", 21, "left"),
            ("文号", 10, "left"),
            ("责任者", 12, "left"),
            ("题名", 27, "left"),
            ("日期", 8, "center"),
            ("密级", 5, "center"),
            ("页数", 5, "right"),
            ("备注", 7, "left"),
        ),
        takes=(BRANCH, YEAR, CATEGORY, PERIOD, FILED),
    ),
    RegisterKind.CUSTOMERS: RegisterForm(
        "客户档案登记簿",
        (
            ("序号", 5, "center"),
            ("客户号", 13, "left"),
            ("姓名 / 单位名称", 15, "left"),
            ("类型", 6, "center"),
            ("证件号码", 17, "left"),
            ("所属机构", 12, "left"),
            ("保单数", 6, "right"),
            ("赔案数", 6, "right"),
            ("件数", 6, "right"),
            ("建档日期", 9, "center"),
            ("备注", 5, "left"),
        ),
        takes=(BRANCH, YEAR),
    ),
    RegisterKind.LOANS: RegisterForm(
        "借阅登记簿",
        (
            ("序号", 3, "center"),
            ("借阅日期", 5.4, "center"),
            ("借阅人", 5, "left"),
            ("部门/单位", 7, "left"),
            ("联系电话", 5.6, "left"),
            ("档号", 10.5, "left"),
            ("题名", 12.5, "left"),
            ("卷/件/页数", 4.6, "center"),
            ("密级", 3.4, "center"),
            ("利用目的", 5.6, "left"),
            ("利用方式", 4, "center"),
            ("审批人", 4.6, "left"),
            ("应还日期", 5.4, "center"),
            ("借阅人签字", 5, "center"),
            ("归还日期", 5.4, "center"),
            ("归还检查", 4, "center"),
            ("经手人", 4.6, "left"),
            ("备注", 4.4, "left"),
        ),
        paper="A3",
    ),
    RegisterKind.USES: RegisterForm(
        "档案利用登记表",
        (
            ("序号", 4, "center"),
            ("日期", 7, "center"),
            ("利用者姓名", 7, "left"),
            ("单位", 9, "left"),
            ("证件", 9, "left"),
            ("利用目的", 7, "left"),
            ("利用内容", 20, "left"),
            ("利用方式", 6, "center"),
            ("卷(件)次", 4, "right"),
            ("复制页数", 4, "right"),
            ("接待人", 6, "left"),
            ("利用效果", 7, "left"),
            ("备注", 10, "left"),
        ),
    ),
    RegisterKind.EFFECTS: RegisterForm(
        "利用效果登记表",
        (
            ("利用者", 12, "left"),
            ("工作单位及电话", 24, "left"),
            ("查阅的问题", 24, "left"),
            ("收到的效果", 30, "left"),
            ("日期", 10, "center"),
        ),
    ),
    RegisterKind.MOVEMENTS: RegisterForm(
        "档案出入库登记簿",
        (
            ("日期", 9, "center"),
            ("出/入", 5, "center"),
            ("档号", 20, "left"),
            ("题名", 24, "left"),
            ("数量", 6, "center"),
            ("事由", 8, "center"),
            ("经手人", 8, "left"),
            ("领取/交还人", 9, "left"),
            ("备注", 11, "left"),
        ),
    ),
    RegisterKind.CLIMATE: RegisterForm(
        "温湿度登记表",
        (
            ("日期", 8, "center"),
            ("时间", 6, "center"),
            ("天气", 6, "center"),
            ("库外温度", 7, "right"),
            ("库外湿度", 7, "right"),
            ("库内温度", 7, "right"),
            ("库内湿度", 7, "right"),
            ("调控措施", 17, "left"),
            ("调控后温度", 7, "right"),
            ("调控后湿度", 7, "right"),
            ("记录人", 9, "left"),
            ("备注", 12, "left"),
        ),
        takes=(ROOM, MONTH),
        needs=(ROOM, MONTH),
        signatures=("记录人", "审核人", "日期"),
    ),
    RegisterKind.SAFETY: RegisterForm(
        "库房安全检查表",
        (
            ("日期", 7, "center"),
            ("防火", 4.2, "center"),
            ("防盗", 4.2, "center"),
            ("防水", 4.2, "center"),
            ("防潮", 4.2, "center"),
            ("防尘", 4.2, "center"),
            ("防光", 4.2, "center"),
            ("防虫", 4.2, "center"),
            ("防鼠", 4.2, "center"),
            ("防霉", 4.2, "center"),
            ("防高温", 4.8, "center"),
            ("门窗", 4.2, "center"),
            ("电源", 4.2, "center"),
            ("消防器材有效期", 7, "center"),
            ("发现问题", 14, "left"),
            ("处理结果", 14, "left"),
            ("检查人", 7, "left"),
        ),
        takes=(ROOM, YEAR),
        needs=(ROOM,),
        signatures=("检查人", "审核人", "日期"),
    ),
    RegisterKind.STOCKTAKE: RegisterForm(
        "盘点清册",
        (
            ("序号", 5, "center"),
            ("档号", 17, "left"),
            ("题名", 18, "left"),
            ("账面位置", 12, "left"),
            ("实际位置", 12, "left"),
            ("账面页数", 5, "right"),
            ("实际页数", 5, "right"),
            ("结果", 6, "center"),
            ("处理", 8, "left"),
            ("盘点人", 6, "left"),
            ("复核人", 6, "left"),
        ),
        takes=(STOCKTAKE,),
        needs=(STOCKTAKE,),
        signatures=("盘点人", "复核人", "机构负责人", "日期"),
    ),
    RegisterKind.REPAIRS: RegisterForm(
        "修复登记表",
        (
            ("档号", 14, "left"),
            ("病害类型", 9, "left"),
            ("等级", 6, "center"),
            ("修前照片", 6, "center"),
            ("修复方法", 14, "left"),
            ("材料", 11, "left"),
            ("修复人", 7, "left"),
            ("起止日期", 8, "center"),
            ("修后照片", 6, "center"),
            ("验收人", 7, "left"),
            ("费用", 7, "right"),
            ("是否影响内容", 5, "center"),
        ),
        signatures=("修复人", "验收人", "机构负责人", "日期"),
    ),
    RegisterKind.TRANSFER: RegisterForm(
        "移交清册",
        (
            ("序号", 5, "center"),
            ("档号", 19, "left"),
            ("题名", 26, "left"),
            ("责任者", 11, "left"),
            ("日期", 8, "center"),
            ("页数", 5, "right"),
            ("保管期限", 7, "center"),
            ("密级", 5, "center"),
            ("载体", 5, "center"),
            ("备注", 9, "left"),
        ),
        takes=(TRANSFER,),
        needs=(TRANSFER,),
        copies=("正本（移交方存）", "副本（接收方存）"),
        signatures=("移交人", "接收人", "监交人", "日期"),
    ),
    RegisterKind.HANDOVER: RegisterForm(
        "岗位交接清册",
        (
            ("序号", 6, "center"),
            ("类别", 14, "left"),
            ("名称/编号", 34, "left"),
            ("数量", 10, "right"),
            ("现状", 16, "left"),
            ("备注", 20, "left"),
        ),
        takes=(HANDOVER,),
        needs=(HANDOVER,),
        copies=("正本（移交人存）", "副本（接收人存）"),
        signatures=("移交人", "接收人", "监交人", "日期"),
    ),
    RegisterKind.COMPLAINTS: RegisterForm(
        "投诉台账",
        (
            ("序号", 2.4, "center"),
            ("投诉编号", 5.6, "left"),
            ("收到时间", 4.4, "center"),
            ("接收渠道", 4, "left"),
            ("投诉人", 4.4, "left"),
            ("类型", 3.6, "center"),
            ("联系方式", 5, "left"),
            ("被投诉机构", 5.4, "left"),
            ("被投诉人员", 4.2, "left"),
            ("保单号/赔案号", 6.4, "left"),
            ("险种", 3.6, "left"),
            ("业务环节", 4, "left"),
            ("原因", 4.8, "left"),
            ("投诉请求", 8.6, "left"),
            ("主办人", 4, "left"),
            ("到期日", 4.4, "center"),
            ("处理决定", 4.4, "left"),
            ("决定日期", 4.4, "center"),
            ("告知方式/时间", 5, "center"),
            ("办理天数", 2.8, "right"),
            ("档号", 5.2, "left"),
            ("备注", 3.4, "left"),
        ),
        paper="A3",
    ),
    RegisterKind.CONSULTATIONS: RegisterForm(
        "咨询台账",
        (
            ("序号", 4, "center"),
            ("咨询编号", 10, "left"),
            ("时间", 7, "center"),
            ("渠道", 6, "left"),
            ("咨询人", 7, "left"),
            ("联系方式", 9, "left"),
            ("事项", 5, "center"),
            ("保单号/赔案号", 11, "left"),
            ("咨询内容", 14, "left"),
            ("答复", 14, "left"),
            ("结果", 6, "center"),
            ("经办人", 7, "left"),
        ),
    ),
    RegisterKind.CALL_BACKS: RegisterForm(
        "回访登记",
        (
            ("序号", 4, "center"),
            ("回访编号", 11, "left"),
            ("回访日期", 8, "center"),
            ("客户", 9, "left"),
            ("保单号", 14, "left"),
            ("回访内容", 9, "left"),
            ("结果", 7, "center"),
            ("犹豫期内", 6, "center"),
            ("录音编号", 10, "left"),
            ("问题及处理", 14, "left"),
            ("回访人", 8, "left"),
        ),
    ),
    RegisterKind.SCAN_BATCHES: RegisterForm(
        "扫描批次登记",
        (
            ("序号", 3, "center"),
            ("批次号", 9, "left"),
            ("扫描人", 6, "left"),
            ("设备", 8, "left"),
            ("日期", 6.5, "center"),
            ("分辨率", 5, "center"),
            ("色彩模式", 5, "center"),
            ("格式", 6, "left"),
            ("件数/页数", 6.5, "center"),
            ("空白页数", 4.5, "right"),
            ("质检人", 6, "left"),
            ("抽检比例", 6.5, "center"),
            ("不合格清单", 16, "left"),
            ("返工次数", 4.5, "right"),
            ("验收人", 7.5, "left"),
        ),
    ),
    RegisterKind.VOLUMES: RegisterForm(
        "案卷目录",
        (
            ("序号", 5, "center"),
            ("档号", 25, "left"),
            ("案卷题名", 34, "left"),
            ("起止日期", 13, "center"),
            ("总页数", 6, "right"),
            ("保管期限", 8, "center"),
            ("备注", 9, "left"),
        ),
        takes=(BRANCH, YEAR, PERIOD),
    ),
    RegisterKind.VOLUME_ITEMS: RegisterForm(
        "卷内文件目录",
        (
            ("顺序号", 6, "center"),
            ("文号", 14, "left"),
            ("责任者", 14, "left"),
            ("题名", 35, "left"),
            ("日期", 9, "center"),
            ("密级", 6, "center"),
            ("页号", 7, "center"),
            ("备注", 9, "left"),
        ),
        takes=(VOLUME,),
        needs=(VOLUME,),
        signatures=("立卷人", "检查人", "日期"),
    ),
    RegisterKind.MISSING_PAPERS: RegisterForm(
        "欠件台账",
        (
            ("序号", 4, "center"),
            ("客户", 9, "left"),
            ("保单号/赔案号", 13, "left"),
            ("业务", 6, "center"),
            ("缺少单证", 13, "left"),
            ("原/复", 6, "center"),
            ("缺件原因", 15, "left"),
            ("应补日期", 7, "center"),
            ("逾期天数", 5, "right"),
            ("状态", 7, "center"),
            ("经办人", 7, "left"),
            ("备注", 8, "left"),
        ),
    ),
    RegisterKind.SATISFACTION: RegisterForm(
        "满意度汇总",
        (
            ("机构", 15, "left"),
            ("问卷", 19, "left"),
            ("版本", 5, "center"),
            ("发放", 7, "right"),
            ("回复", 7, "right"),
            ("回复率", 7, "right"),
            ("有效", 7, "right"),
            ("满意度均分", 8, "right"),
            ("满意率", 8, "right"),
            ("非常满意率", 8, "right"),
            ("净推荐值", 9, "right"),
        ),
    ),
}
