"""Names as printed → bodies of the register: the five seeds' raw names, and names that must not match."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.register import Register, load_register

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture(scope="module")
def register() -> Register:
    return load_register()


@pytest.mark.parametrize(
    ("name", "county", "code", "how"),
    [
        ("樟树市洋湖乡人民政府办公室", None, "360982202", "short_form"),
        ("洋湖乡人民政府", "360982", "360982202", "short_form"),
        ("洋湖乡党政办", "360982", "360982202", "short_form"),
        ("暨阳街道", None, "330681001", "short_form"),
        ("暨阳街道办", "330681", "330681001", "short_form"),
        ("诸暨市暨阳街道办事处", None, "330681001", "official_name"),
        ("诸暨市人民政府暨阳街道办事处", None, "330681001", "short_form"),
        ("浙江省绍兴市诸暨市暨阳街道办事处", None, "330681001", "short_form"),
        ("诸暨暨阳街道", None, "330681001", "short_form"),
        ("大渡口镇政府", "341721", "341721102", "short_form"),
        ("大渡口镇人民政府", None, "341721102", "short_form"),
        ("昌吉市阿什里乡", None, "652301202", "alias"),
        ("阿什里哈萨克族乡", None, "652301202", "alias"),
        ("昌吉市阿什里哈萨克民族乡人民政府", None, "652301202", "official_name"),
        ("涞水镇政府", None, "130623100", "short_form"),  # 涞水 is also its county's short name
        ("涑水县涑水镇", None, "130623100", "alias"),
        (" 诸暨市 暨阳街道办事处： ", None, "330681001", "official_name"),
        ("诸暨市人民政府", None, "330681-GOV", "official_name"),
        ("市政府", "330681", "330681-GOV", "short_form"),
        ("诸暨市人民政府办公室", None, "330681-OFFICE", "official_name"),
        ("诸暨市人民政府（办公室）", None, "330681-OFFICE", "short_form"),
        ("市府办", "330681", "330681-OFFICE", "short_form"),
        ("东至经济开发区", None, "341721400", "short_form"),
        ("大渡口经济开发区管委会", None, "341721401", "short_form"),
        ("330681001", None, "330681001", "code"),
        ("樟树市洋湖乡人民政府（办公室）", None, "360982202", "official_name"),
        ("诸暨市人民政府 暨阳街道", None, "330681001", "short_form"),
        ("诸暨市人民政府办公室(诸暨市人民政府外事办公室)", None, "330681-OFFICE", "official_name"),
        ("昌吉州昌吉市阿什里乡人民政府", None, "652301202", "alias"),
        ("新疆昌吉回族自治州昌吉市阿什里乡", None, "652301202", "alias"),
        ("浙江绍兴诸暨市暨阳街道", None, "330681001", "short_form"),
        ("江西樟树市洋湖乡", None, "360982202", "short_form"),
        ("大渡口镇人民政府信息公开办公室", "341721", "341721102", "short_form"),
    ],
)
def test_found(register: Register, name: str, county: str | None, code: str, how: str) -> None:
    match = register.match(name, county)
    assert match.publisher is not None, match.reason
    assert (match.publisher.code, match.how) == (code, how)


@pytest.mark.parametrize("golden", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_every_raw_name_of_a_seed_leads_to_its_publisher(register: Register, golden: Path) -> None:
    publisher = json.loads(golden.read_text("utf-8"))["publisher"]
    names = [publisher["name"], *publisher["name_raw"]]
    simplified = [name for name in names if name[0] not in "我本" and "(" not in name]
    assert simplified
    for name in simplified:
        match = register.match(name, publisher["parent_county_code"])
        assert match.publisher is not None, (name, match.reason)
        assert match.publisher.official_name == publisher["name"]
        assert match.publisher.code == publisher["division_code"]


def test_a_misreading_is_told_as_a_correction(register: Register) -> None:
    match = register.match("涑水县涑水镇")
    assert match.correction is not None
    assert "误识" in match.correction
    assert register.match("涞水县涞水镇").correction is None


@pytest.mark.parametrize(
    ("name", "county"),
    [
        ("", None),
        ("镇", None),
        ("诸暨市教育局", None),  # the register has no such body yet
        ("诸暨市暨阳街道", "341721"),  # the name tells another county
        ("诸曁市暨阳街道", "341721"),
        ("暨阴街道", "330681"),  # likeness is no reason
        ("我乡", "360982"),
        ("中共樟树市洋湖乡委员会", None),
        ("洋湖乡中心小学", "360982"),
    ],
)
def test_not_found(register: Register, name: str, county: str | None) -> None:
    match = register.match(name, county)
    assert match.publisher is None
    assert match.how == "unknown"
    assert match.reason


def test_an_ambiguous_name_gives_candidates_and_nobody(register: Register) -> None:
    match = register.match("县政府")
    assert match.publisher is None
    assert match.how == "ambiguous"
    assert len(match.candidates) == 5


def test_two_towns_of_like_names_are_kept_apart(register: Register) -> None:
    assert register.match("洋湖镇").publisher == register.by_code("341721105")
    assert register.match("洋湖乡").publisher == register.by_code("360982202")


def test_every_official_name_finds_its_own_body(register: Register) -> None:
    for publisher in register.publishers:
        match = register.match(publisher.official_name)
        assert match.publisher == publisher, match


def test_every_short_name_finds_its_own_body_within_its_county(register: Register) -> None:
    for publisher in register.publishers:
        county = register.county(publisher.county_code)
        assert county is not None
        short = publisher.official_name.removeprefix(county.name)
        assert register.match(short, county.code).publisher == publisher
