"""What a new installation starts with: limits of climate by kind of carrier, and the points of the safety check.

Sources: DOMAIN 3.6; 八防 and 十防 are slogans of the trade, so a site edits the list.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.climate import NO_HUMIDITY_LIMIT, Limits

_HALL = "JGJ 25-2010《档案馆建筑设计规范》；GB/T 27703-2011"
_SWING = (20, 50)  # ±2 ℃ and ±5 %RH in a day and night


@dataclass(frozen=True, slots=True)
class SeedLimit:
    """The limits of a kind of carrier with what they rest on."""

    kind: str
    label: str
    limits: Limits
    basis: str


LIMITS: tuple[SeedLimit, ...] = (
    SeedLimit("paper", "纸质档案库", Limits(140, 240, 450, 600, *_SWING), _HALL),
    SeedLimit("special", "特藏库", Limits(140, 200, 450, 550, *_SWING), _HALL),
    SeedLimit("tape", "音像磁带库", Limits(140, 240, 400, 600, *_SWING), _HALL),
    SeedLimit("film", "胶片拷贝库", Limits(140, 240, 400, 600, *_SWING), _HALL),
    SeedLimit("magnetic", "磁性载体库", Limits(140, 240, 400, 600, *_SWING), _HALL),
    SeedLimit("film_master", "胶片母片库", Limits(130, 150, 350, 450, *_SWING), _HALL),
    SeedLimit("disc", "光盘库", Limits(40, 200, 200, 500, *_SWING), _HALL),
    SeedLimit("reading", "阅览室", Limits(180, 280, *NO_HUMIDITY_LIMIT, 0, 0), _HALL),
)

_ARTICLE = "《档案法实施条例》第二十二条"
_EIGHT = f"{_ARTICLE}；八防"
_TEN = "十防（本机构可停用）"

# code, label, hint, basis
POINTS: tuple[tuple[str, str, str, str], ...] = (
    ("fire", "防火", "灭火器压力和有效期、通道畅通、无易燃物", _EIGHT),
    ("theft", "防盗", "门窗、锁具、报警和监控正常，钥匙专人保管", _EIGHT),
    ("damp", "防潮（水）", "无渗漏、无积水，排水和水管完好，除湿机正常", _EIGHT),
    ("light", "防光", "窗帘遮光，离人关灯，无阳光直射", _EIGHT),
    ("dust", "防尘", "地面、架面清洁，门窗密闭", _EIGHT),
    ("insects", "防虫（鼠）", "无虫蛀鼠咬痕迹，驱虫药、挡鼠板在位", _EIGHT),
    ("heat", "防高温", "温度在限内，空调正常，无热源", _EIGHT),
    ("mould", "防霉", "无霉斑霉味，湿度在限内", _EIGHT),
    ("gas", "防有害气体", "无异味，远离油烟、化学品，通风正常", f"{_ARTICLE}；{_TEN}"),
    ("magnetic", "防磁", "磁性载体远离电机、变压器和强磁体", _TEN),
    ("doors", "门窗", "关闭严密，锁扣完好", "库房安全检查表"),
    ("power", "电源", "线路无老化，人走断电，插座无过载", "库房安全检查表"),
    ("extinguisher", "消防器材有效期", "逐只查看年检日期，过期即更换", "库房安全检查表"),
)
