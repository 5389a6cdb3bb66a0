"""The sample counties: their portals, the bodies that publish there, and the columns they publish in."""

from __future__ import annotations

from dataclasses import dataclass

HOSTS = {
    "zhuji": "zhuji.test",
    "zhangshu": "zhangshu.test",
    "dongzhi": "dongzhi.test",
    "changji": "changji.test",
    "laishui": "laishui.test",
}
COUNTIES = {  # portal -> county code, heading in tables
    "zhuji": ("330681", "诸暨（样例）"),
    "zhangshu": ("360982", "樟树（样例）"),
    "dongzhi": ("341721", "东至（样例）"),
    "changji": ("652301", "昌吉（样例）"),
    "laishui": ("130623", "涞水（样例）"),
}


@dataclass(frozen=True)
class Publisher:
    """A body and the report years for which the sample register expects a report of it."""

    code: str
    official_name: str
    short: str
    kind: str
    portal: str
    first_year: int
    last_year: int
    name_first: bool = True  # 示例一镇2024年… rather than 2024年示例一镇…

    @property
    def county_code(self) -> str:
        return COUNTIES[self.portal][0]

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(range(self.first_year, self.last_year + 1))

    @property
    def seed(self) -> bool:
        """Whether it is a real publisher, of a seed."""
        return "-S" not in self.code


GOV, DEP, TOWN, STREET = "county_government", "county_department", "township_government", "subdistrict_office"


def _p(code: str, short: str, kind: str, years: tuple[int, int], *, name_first: bool = True) -> Publisher:
    portal = next(name for name, (county, _) in COUNTIES.items() if code.startswith(county))
    suffix = {TOWN: "人民政府", STREET: "办事处"}.get(kind, "")
    return Publisher(code, short + suffix, short, kind, portal, *years, name_first)


PUBLISHERS = (
    _p("330681-S00", "示例甲市人民政府", GOV, (2023, 2025)),
    _p("330681-S01", "示例财政局", DEP, (2018, 2020)),
    _p("330681-S02", "示例水利局", DEP, (2023, 2025), name_first=False),
    _p("330681-S03", "示例一镇", TOWN, (2021, 2022)),
    _p("330681-S04", "示例二乡", TOWN, (2024, 2025), name_first=False),
    _p("330681-S05", "示例一街道", STREET, (2025, 2025)),
    Publisher("330681001", "诸暨市暨阳街道办事处", "暨阳街道", STREET, "zhuji", 2023, 2023),
    _p("360982-S00", "示例乙市人民政府", GOV, (2024, 2025)),
    _p("360982-S01", "示例教育局", DEP, (2018, 2019)),
    _p("360982-S02", "示例民政局", DEP, (2022, 2024), name_first=False),
    _p("360982-S03", "示例三乡", TOWN, (2020, 2021)),
    _p("360982-S04", "示例四镇", TOWN, (2024, 2025)),
    _p("360982-S05", "示例统计局", DEP, (2025, 2025)),
    Publisher("360982202", "樟树市洋湖乡人民政府", "洋湖乡", TOWN, "zhangshu", 2024, 2024),
    _p("341721-S00", "示例丙县人民政府", GOV, (2024, 2025)),
    _p("341721-S01", "示例农业农村局", DEP, (2019, 2020)),
    _p("341721-S02", "示例文旅局", DEP, (2023, 2025)),
    _p("341721-S03", "示例五镇", TOWN, (2018, 2018)),
    _p("341721-S04", "示例六乡", TOWN, (2021, 2024)),
    Publisher("341721102", "东至县大渡口镇人民政府", "大渡口镇", TOWN, "dongzhi", 2020, 2020),
    _p("652301-S00", "示例丁市人民政府", GOV, (2024, 2025)),
    _p("652301-S01", "示例林业局", DEP, (2022, 2023)),
    _p("652301-S02", "示例商务局", DEP, (2024, 2025), name_first=False),
    _p("652301-S03", "示例七镇", TOWN, (2018, 2020)),
    _p("652301-S04", "示例八乡", TOWN, (2021, 2022)),
    _p("652301-S05", "示例牧场镇", TOWN, (2025, 2025)),
    Publisher("652301202", "昌吉市阿什里哈萨克民族乡人民政府", "阿什里乡", TOWN, "changji", 2025, 2025),
    _p("130623-S00", "示例戊县人民政府", GOV, (2023, 2025)),
    _p("130623-S01", "示例审计局", DEP, (2018, 2019)),
    _p("130623-S02", "示例交通局", DEP, (2025, 2025)),
    _p("130623-S03", "示例九镇", TOWN, (2020, 2022)),
    _p("130623-S04", "示例十乡", TOWN, (2024, 2025), name_first=False),
    Publisher("130623100", "涞水县涞水镇人民政府", "涞水镇", TOWN, "laishui", 2024, 2024),
)
BY_CODE = {publisher.code: publisher for publisher in PUBLISHERS}


@dataclass(frozen=True)
class Column:
    """A column of a portal. `publishers` is empty for a column that covers every body of the county."""

    portal: str
    key: str
    number: str  # its id in the portal's own addresses
    title: str
    path: str
    reports: bool
    publishers: tuple[str, ...] = ()


def _codes(portal: str, *kinds: str) -> tuple[str, ...]:
    return tuple(p.code for p in PUBLISHERS if p.portal == portal and p.kind in kinds)


COLUMNS = (
    Column(
        "zhuji",
        "nb",
        "1229563321",
        "政府信息公开年报",
        "/col/col1229563321/index.html",
        True,
        _codes("zhuji", GOV, TOWN, STREET),
    ),
    Column(
        "zhuji",
        "bmnb",
        "1229563322",
        "部门信息公开年报",
        "/col/col1229563322/index.html",
        True,
        _codes("zhuji", DEP),
    ),
    Column("zhuji", "news", "1229563330", "通知公告", "/col/col1229563330/index.html", False),
    Column(
        "zhangshu",
        "nb",
        "5c0de0000000000000000000000000a1",
        "政府信息公开年报",
        "/zssrmzf/zfxxgkndbg48/zfxxgk_gknbz.shtml",
        True,
    ),
    Column(
        "zhangshu",
        "news",
        "5c0de0000000000000000000000000a2",
        "政务动态",
        "/zssrmzf/zwdt21/zfxxgk_list.shtml",
        False,
    ),
    Column("dongzhi", "nb", "1026", "政府信息公开年报", "/OpennessContent/showList/6/1026/page_1.html", True),
    Column("dongzhi", "news", "1101", "通知公告", "/OpennessContent/showList/6/1101/page_1.html", False),
    Column("changji", "nb", "1052", "政府信息公开年报", "/zwgk/zfxxgknb.htm", True),
    Column("changji", "news", "1061", "工作动态", "/zwgk/gzdt.htm", False),
    Column("laishui", "nb", "zfxxgknb", "政府信息公开年报", "/zwgk/zfxxgknb/", True),
    Column("laishui", "news", "tzgg", "通知公告", "/zwgk/tzgg/", False),
)


def column(portal: str, key: str) -> Column:
    """A column by portal and key."""
    return next(c for c in COLUMNS if c.portal == portal and c.key == key)


def government(portal: str) -> Publisher:
    """The portal's invented government."""
    return next(p for p in PUBLISHERS if p.portal == portal and p.kind == GOV)
