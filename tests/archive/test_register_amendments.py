"""Bodies that came, went or were renamed, by the day and the reason that a county's file gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive.register import Register, RegisterError, load_register
from tests.archive.judging import judged, probe

FILE = """
format: 1
provenance: made for a test
counties: [{code: "999901", name: 某县}]
publishers:
  - {code: "999901-1", county_code: "999901", official_name: 某县示例甲镇人民政府, kind: township_government}
  - {code: "999901-2", county_code: "999901", official_name: 某县示例乙街道办事处, kind: subdistrict_office}
changes:
"""


ADDED = (
    'code: 999901-9, what: added, county_code: "999901", official_name: 某县数据局, kind: county_department'
)


def loaded(tmp_path: Path, *rows: str, kind: str = "township_government") -> Register:
    path = tmp_path / "county.yml"
    path.write_text(
        FILE.replace("township_government", kind) + "".join(f"  - {{{row}}}\n" for row in rows),
        encoding="utf-8",
    )
    return load_register([path])


LOOKS = {  # two looks after the due days of a report year
    2020: (probe("2021-04-06"), probe("2021-04-12")),
    2021: (probe("2022-04-06"), probe("2022-04-12")),
}


@pytest.mark.parametrize(
    ("kind", "day", "presence"),
    [
        ("township_government", "2021-12-31", "not_expected"),  # not there on the last day of 2021
        ("township_government", "2022-01-01", "covered"),  # there on that day, not on the due day
        ("township_government", "2022-01-31", "covered"),
        ("township_government", "2022-02-01", "missing"),  # saw both: its own report is due
        ("county_government", "2022-03-31", "covered"),
        ("county_government", "2022-04-01", "missing"),
    ],
)
def test_a_body_that_was_merged_is_expected_while_it_saw_the_due_day(
    tmp_path: Path, kind: str, day: str, presence: str
) -> None:
    row = f"code: 999901-1, what: merged, date: {day}, reason: 撤镇并街道, into: 999901-2"
    body = loaded(tmp_path, row, kind=kind).by_code("999901-1")
    assert body is not None
    verdict = judged(2021, publisher=body, probes=LOOKS[2021])
    assert verdict.presence == presence
    if presence == "covered":
        assert verdict.reasons[0].zh.startswith(f"由999901-2合并公开：{day}并入 merged 999901-2：撤镇并街道")
    assert judged(2020, publisher=body, probes=LOOKS[2020]).presence == "missing"
    assert judged(2022, publisher=body, probes=LOOKS[2021]).presence == "not_expected"


@pytest.mark.parametrize(
    ("day", "presence"),
    [("2021-12-31", "not_expected"), ("2022-01-31", "not_expected"), ("2022-02-01", "missing")],
)
def test_a_body_that_was_closed_is_covered_by_nobody(tmp_path: Path, day: str, presence: str) -> None:
    row = f"code: 999901-1, what: closed, date: {day}, reason: 撤销建制"
    body = loaded(tmp_path, row).by_code("999901-1")
    assert body is not None
    verdict = judged(2021, publisher=body, probes=LOOKS[2021])
    assert verdict.presence == presence
    if presence == "not_expected":
        assert f"{day}撤销 closed：撤销建制" in verdict.reasons[0].zh
    assert judged(2020, publisher=body, probes=LOOKS[2020]).presence == "missing"


def test_a_body_that_came_is_expected_from_the_year_whose_end_it_saw(tmp_path: Path) -> None:
    body = loaded(tmp_path, f"{ADDED}, date: 2023-12-31, reason: 某府发〔2023〕1号").by_code("999901-9")
    assert body is not None
    assert (body.valid_from, body.expected_basis) == (2023, "official_list")


def test_a_former_name_still_finds_the_body(tmp_path: Path) -> None:
    row = "code: 999901-1, what: renamed, date: 2022-06-30, reason: 撤镇设街道, name: 某县示例甲街道办事处"
    register = loaded(tmp_path, row)
    body = register.by_code("999901-1")
    assert body is not None
    assert body.official_name == "某县示例甲街道办事处"
    assert [(alias.name, alias.valid_until) for alias in body.aliases] == [("某县示例甲镇人民政府", 2021)]
    assert register.match("示例甲镇人民政府", "999901").publisher == body


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("code: 999901-7, what: closed, date: 2022-06-30, reason: 撤销建制", "名录中没有这个单位"),
        ("code: 999901-1, what: merged, date: 2022-06-30, reason: 并入", "须有且只有 wants exactly: into"),
        ("code: 999901-1, what: closed, date: 2022-13-30, reason: 撤销建制", "month"),
        ("code: 999901-1, what: closed, date: 2022-06-30", "reason"),
        ("code: 999901-1, what: renamed, date: 2022-06-30, reason: 更名, name: 某县示例甲镇人民政府", "新旧"),
        (f"{ADDED}, date: 2022-06-30, reason: 设立".replace("999901-9", "999901-1"), "名录中已有"),
    ],
)
def test_what_cannot_have_happened_is_refused(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(RegisterError, match=told):
        loaded(tmp_path, row)


def test_a_body_that_ends_twice_is_refused(tmp_path: Path) -> None:
    rows = [
        f"code: 999901-1, what: closed, date: {day}, reason: 撤销建制" for day in ("2022-06-30", "2023-06-30")
    ]
    with pytest.raises(RegisterError, match="已止于2021年度"):
        loaded(tmp_path, *rows)


def test_years_that_end_before_they_begin_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "years.yml"
    path.write_text(
        FILE.replace("changes:\n", "").replace(
            "kind: subdistrict_office", "kind: subdistrict_office, valid_from: 2022, valid_until: 2021"
        ),
        encoding="utf-8",
    )
    with pytest.raises(RegisterError, match=r"^名录文件有误.*999901-2: 有效年度起止颠倒"):
        load_register([path])


def test_a_county_of_a_portal_file_comes_from_the_raw_register() -> None:
    register = load_register(wanted=["330109", "999998"])  # the second is nobody's code
    towns = [body for body in register.of_county("330109") if body.kind == "township_government"]
    assert len(towns) > 5
    assert {body.expected_basis for body in towns} == {"official_list"}
    assert register.county("999998") is None
    assert load_register().county("330109") is None


def test_a_users_list_of_a_county_that_no_file_gives_stands_on_its_own(tmp_path: Path) -> None:
    listed = tmp_path / "user_list.yml"
    entry = "{code: 330109-GOV, expected_basis: user_list}"
    listed.write_text(
        "format: 1\nprovenance: 单位名单\n"
        f'counties: [{{code: "330109", expects: listed}}]\npublishers: [{entry}]\n',
        encoding="utf-8",
    )
    bodies = load_register([listed]).of_county("330109")
    assert [body.code for body in bodies if body.expected] == ["330109-GOV"]
    assert len(bodies) > 20


def test_the_example_of_the_manual_is_a_register_file(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "register.md").read_text("utf-8")
    [example] = re.findall(r"```yaml\n(.*?)\n```", manual, re.DOTALL)
    path = tmp_path / "330681.yml"
    path.write_text(example, encoding="utf-8")
    register = load_register([path])
    ended = register.by_code("330681102")
    assert ended is not None
    assert (ended.valid_until, len(ended.notes)) == (2021, 1)
    assert register.counties["330681"].targets[0].source.startswith("某府办函")
