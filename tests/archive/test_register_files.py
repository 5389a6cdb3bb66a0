"""Register files: adding, changing, closing, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.register import ExpectedBasis, PublisherKind, RegisterError, load_register

HEAD = "format: 1\nprovenance: made for a test\n"
TWO_BODIES_OF_ONE_NAME = """
publishers:
  - code: 33-X-1
    county_code: "330681"
    kind: vertical_body
    official_name: 诸暨市暨阳街道办事处
"""


def written(folder: Path, text: str, name: str = "extra.yml") -> Path:
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def test_the_shipped_register_has_the_five_counties_and_their_units() -> None:
    register = load_register()
    counts = {code: len(register.of_county(code)) for code in register.counties}
    assert counts == {"130623": 18, "330681": 25, "341721": 19, "360982": 24, "652301": 24}
    office = register.by_code("330681-OFFICE")
    assert office is not None
    assert (office.kind, office.expected_basis) == (
        PublisherKind.COUNTY_DEPARTMENT,
        ExpectedBasis.TEMPLATE,
    )
    zone = register.by_code("341721400")
    assert zone is not None
    assert zone.expected_basis is ExpectedBasis.TEMPLATE  # listed by nobody yet: never 'missing'


def test_a_file_adds_a_county_and_a_body(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
counties: [{code: "999901", name: 某县, prefecture: 某市, province: 某省}]
publishers:
  - {code: 999901-1, county_code: 999901, official_name: 某县示例镇人民政府, kind: township_government}
""",
    )
    register = load_register([path])
    publisher = register.match("某县示例镇").publisher
    assert publisher is not None
    assert publisher.code == "999901-1"
    assert publisher.expected


def test_a_file_changes_years_and_aliases_of_a_known_body(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
publishers:
  - code: 330681001
    valid_from: 2023
    valid_until: 2023
    aliases: [{name: 暨阳办, reason: 口头简称}]
""",
    )
    register = load_register([path])
    publisher = register.by_code("330681001")
    assert publisher is not None
    assert [publisher.valid_in(year) for year in (2022, 2023, 2024)] == [False, True, False]
    assert publisher.official_name == "诸暨市暨阳街道办事处"
    assert register.match("暨阳办", "330681").publisher == publisher


def test_a_list_that_wins_leaves_the_others_known_but_not_expected(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
counties: [{code: "330681", display_name: 诸暨（样例）, expects: listed, sample: true}]
publishers: [{code: "330681001"}]
""",
    )
    register = load_register([path])
    expected = [body.code for body in register.of_county("330681") if body.expected]
    assert expected == ["330681001"]
    left_out = register.by_code("330681002")
    assert left_out is not None
    assert left_out.expected_note is not None
    assert "extra.yml" in left_out.expected_note
    assert register.match("浣东街道").publisher == left_out
    assert all(body.expected for body in register.of_county("341721"))
    county = register.county("330681")
    assert county is not None
    assert (county.label, county.sample, county.prefecture) == ("诸暨（样例）", True, "绍兴市")


def test_the_list_that_wins_settles_an_ambiguous_name(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
counties: [{code: "330681", expects: listed}]
publishers:
  - {code: 330681-S00, county_code: 330681, official_name: 示例甲市人民政府, kind: county_government}
""",
    )
    register = load_register([path])
    assert register.match("市政府", "330681").publisher == register.by_code("330681-S00")
    assert register.match("示例甲市人民政府", "330681").publisher == register.by_code("330681-S00")
    assert register.match("诸暨市人民政府").publisher == register.by_code("330681-GOV")


def test_a_folder_stands_for_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    written(tmp_path, "publishers: [{code: '330681001', valid_until: 2020}]\n", "a.yml")
    written(tmp_path, "publishers: [{code: '330681001', valid_until: 2021}]\n", "b.yml")
    publisher = load_register([tmp_path]).by_code("330681001")
    assert publisher is not None
    assert publisher.valid_until == 2021


def test_the_fingerprint_follows_the_content(tmp_path: Path) -> None:
    same = written(tmp_path, "publishers: []\n", "same.yml")
    other = written(tmp_path, "publishers: [{code: '330681001', valid_until: 2020}]\n", "other.yml")
    plain = load_register().fingerprint
    assert load_register([same]).fingerprint == plain
    assert load_register([other]).fingerprint != plain


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("publisher: []\n", "publisher"),  # a misspelt key
        ("publishers: [{code: '330681001', officialname: x}]\n", "officialname"),
        ("publishers: [{code: '330681001'}, {code: '330681001'}]\n", "330681001"),
        ("publishers: [{code: 330681-X1, county_code: '330681'}]\n", "official_name"),
        ("counties: [{code: '999999'}]\n", "999999"),
        (
            "publishers: [{code: 999999-1, county_code: '999999', official_name: 某局, kind: vertical_body}]",
            "999999",
        ),
        (
            TWO_BODIES_OF_ONE_NAME,
            "33-X-1",
        ),
        ("publishers: [{code: '330681001', valid_from: 1949}]\n", "valid_from"),
        ("publishers: [\n", "extra.yml"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line_that_names_it(tmp_path: Path, text: str, words: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(RegisterError) as error:
        load_register([path])
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_one_name_for_two_bodies_in_other_years_is_a_successor(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
publishers:
  - {code: "330681001", valid_until: 2022}
  - {code: 330681-X1, county_code: "330681", official_name: 诸暨市暨阳街道办事处, kind: subdistrict_office,
     valid_from: 2023}
""",
    )
    assert load_register([path]).by_code("330681-X1") is not None


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="nothing"):
        load_register([tmp_path / "nothing.yml"])
