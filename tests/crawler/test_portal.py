"""Portal files: read strictly, refused in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from scrapy.settings import Settings

from crawler.lint import lint, notes
from crawler.platforms import PLATFORMS
from crawler.portal import (
    ColumnKind,
    Portal,
    PortalError,
    load_portal,
    load_portals,
    portal_schema,
    select_portals,
)

GOOD = {
    "id": "county",
    "name": "示例县",
    "county_code": "330681",
    "platform": "trs",
    "base_url": "https://www.example.gov.cn/",
    "columns": [{"id": "nb", "name": "年报", "url": "/zwgk/nb/"}],
}


def write(folder: Path, data: object, name: str = "county.yml") -> Path:
    path = folder / name
    text = data if isinstance(data, str) else yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(PortalError) as error:
        load_portal(path)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message


def test_a_good_file(tmp_path: Path) -> None:
    portal = load_portal(write(tmp_path, GOOD))
    assert portal.absolute(portal.columns[0].url) == "https://www.example.gov.cn/zwgk/nb/"
    assert portal.hosts == {"www.example.gov.cn"}
    assert [(column.id, column.name) for column in portal.columns] == [("nb", "年报")]


def changed(**changes: object) -> dict[str, object]:
    merged = GOOD | changes
    order = (
        "id",
        "name",
        "county_code",
        "platform",
        "base_url",
        "allowed_hosts",
        "years",
        "columns",
        "delay",
        "encoding",
        "tls",
    )
    known = {key: merged[key] for key in order if key in merged and merged[key] is not None}
    return known | {key: value for key, value in merged.items() if key not in order}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (changed(colums=[]), ["colums", "columns"]),
        (
            changed(columns=[{"id": "nb", "name": "x", "url": "/", "knd": "reports"}]),
            ["columns.0.knd", "kind"],
        ),
        (
            changed(columns=[{"id": "nb", "name": "x", "url": "/", "kind": "report"}]),
            ["columns.0.kind", "reports"],
        ),
        (changed(columns=[]), ["columns"]),
        (changed(columns=None), ["columns"]),
        (changed(columns=GOOD["columns"] * 2), ["nb"]),
        (changed(county_code=330681), ["county_code", "引号"]),
        (changed(encoding={"reason": "页面写错", "name": "gbk18030"}), ["encoding.name", "gb18030"]),
        (changed(county_code="33068"), ["county_code"]),
        (changed(base_url="www.example.gov.cn"), ["base_url"]),
        (changed(base_url="https://www.example.com/"), ["allowed_hosts"]),
        (changed(delay={"seconds": 9}), ["delay.reason"]),
        (changed(delay={"seconds": 9, "reason": "x"}), ["delay.reason"]),
        (changed(years=[2025, 2018]), ["years"]),
        (changed(tls={"profile": "none", "reason": "old server"}), ["tls.profile", "legacy"]),
        (changed(columns=[{"id": "r", "name": "x", "url": "/", "kind": "route"}]), ["areas"]),
        (
            changed(columns=[{"id": "r", "name": "x", "url": "/", "kind": "route", "areas": [{"key": "1"}]}]),
            ["years"],
        ),
        (changed(id="other"), ["id", "county"]),
        (dict(reversed(GOOD.items())), ["columns", "id, name"]),
        ("", ["id"]),
        ("- a\n- b\n", ["id"]),
        ("id: [", ["YAML"]),
        ("id: county\nid: other\n", ["id", "twice"]),
    ],
)
def test_refused_in_plain_words(tmp_path: Path, data: object, words: list[str]) -> None:
    message = refusal(write(tmp_path, data))
    for word in words:
        assert word in message


def test_not_text(tmp_path: Path) -> None:
    path = tmp_path / "county.yml"
    path.write_bytes(b"\xff\xfe\x00")
    refusal(path)


def test_folders(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert list(load_portals([tmp_path])) == ["county"]
    with pytest.raises(PortalError, match="no such folder"):
        load_portals([tmp_path / "absent"])
    write(tmp_path, GOOD, "b.yaml")
    with pytest.raises(PortalError, match="yml"):
        load_portals([tmp_path])


def test_selection(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    portals = load_portals([tmp_path])
    assert [p.id for p in select_portals(portals, [""])] == ["county"]
    assert [p.id for p in select_portals(portals, ["county", "county"])] == ["county"]
    with pytest.raises(PortalError, match="county"):
        select_portals(portals, ["conty"])
    with pytest.raises(PortalError, match=r"no portal file yet: county.*scrapy detect"):
        select_portals({}, ["county"])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"platform": "vsb"}, ["no annual-report route", "no known organ tree"]),
        ({"platform": "hanweb"}, []),
        ({"platform": "hanwep"}, ["hanweb"]),
        ({"delay": {"reason": "急", "seconds": 1}}, ["delay", "reason"]),
        ({"platform": "hanweb", "delay": {"reason": "着急用", "seconds": 1}}, ["delay"]),
        (
            {"platform": "hanweb", "allowed_hosts": ["www.example.com"], "base_url": "http://10.0.0.1/"},
            ["10.0"],
        ),
    ],
)
def test_what_the_file_alone_cannot_tell(tmp_path: Path, changes: dict, words: list[str]) -> None:
    route = {"id": "lu", "name": "年报", "url": "/r.jsp", "kind": "route", "harvest": True}
    path = write(tmp_path, changed(years=[2020, 2024], columns=[route], **changes))
    _, faults = lint([str(tmp_path)], Settings({"DOWNLOAD_DELAY": 3}), lambda _code: True)
    told = "\n".join(faults)
    assert all(word in told for word in words), (told, path)
    assert bool(faults) == bool(words)


def test_two_files_for_one_county_or_column_are_told(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    twin = changed(id="twin", base_url="http://WWW.example.gov.cn:80/")
    write(tmp_path, twin, "twin.yml")
    _, faults = lint([str(tmp_path)], Settings({"DOWNLOAD_DELAY": 3}), lambda _code: True)
    assert {fault.split(":")[0].split(".")[0] for fault in faults} == {"twin"}
    assert "330681" in faults[0]
    assert all("same column" in fault for fault in faults[1:])
    assert len(faults) > 1


def test_counties_may_share_their_citys_host(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    columns = [{"id": "nb", "name": "年报", "url": "/another-county/nb/"}]
    write(tmp_path, changed(id="other", county_code="330682", columns=columns), "other.yml")
    portals, faults = lint([str(tmp_path)], Settings({"DOWNLOAD_DELAY": 3}), lambda _code: True)
    assert faults == []
    (told,) = notes(portals.values())
    assert "shared" in told
    assert "other" in told


def test_a_portal_file_of_a_known_platform_is_short() -> None:
    """Every platform can begin with the bare keys, well below twenty lines."""
    for name, platform in PLATFORMS.items():
        text = yaml.safe_dump(changed(platform=name, years=[2018, 2025]), allow_unicode=True, sort_keys=False)
        portal = Portal.model_validate(yaml.safe_load(text))
        assert len(text.splitlines()) <= 20
        assert list(platform(portal).column_requests(portal.columns[0], [2024])), name


def test_the_schema_names_every_key() -> None:
    schema = portal_schema()
    assert set(schema["properties"]) >= {"id", "columns", "delay", "allowed_hosts"}
    assert schema["additionalProperties"] is False


def test_the_example_and_the_table_of_the_docs_are_sound(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "portals.md").read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    name = yaml.safe_load(example)["id"]
    assert load_portal(write(tmp_path, example, f"{name}.yml")).columns
    for word in (*Portal.model_fields, *ColumnKind):
        assert f"`{word}`" in page
