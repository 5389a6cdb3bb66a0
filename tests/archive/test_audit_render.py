"""What table and page tell beside the verdicts: bodies outside the register, years told together."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

from archive.audit.render import audit_csv, audit_html, audit_table
from archive.audit.render.data import count_colour, grouped, stray_lines, years_text
from archive.audit.run import Audit, CountyAudit, Scope, Tally, tally
from archive.audit.slots import Stray
from archive.audit.statuses import status_table
from archive.register import County
from tests.archive.judging import claim, judged, probe, report


def stray(name: str | None, year: int | None, n: int) -> Stray:
    return Stray("999901", f"http://x/{n}", "某报告", year, name, (), f"v{n}", "report")


STRAYS = (stray("某县教育局", 2024, 1), stray("某县教育局", 2023, 2), stray(None, None, 3))


def audit(*verdicts: object, sample: bool = False) -> Audit:
    county = County(code="999901", name="某县", display_name="<某县>", sample=sample)
    rows = tuple(verdicts)
    made = CountyAudit(county, rows, tally(rows), None, STRAYS)  # type: ignore[arg-type]
    return Audit(Scope(date(2025, 6, 30), None, (2023, 2024)), (made,), ("999902",))


def test_every_number_of_a_county_has_its_head_in_order() -> None:
    assert [count.name for count in status_table().counts] == [field.name for field in fields(Tally)]


def test_bodies_that_the_register_does_not_know_are_told_once_each() -> None:
    lines = stray_lines(STRAYS)
    assert [words for words, _ in lines] == [
        "某县教育局：2023年度、2024年度",
        "年度不明 某报告（未署单位 no body named）",
    ]
    for text in (audit_table(audit()), audit_html(audit())):
        assert "某县教育局：2023年度、2024年度" in text
        assert "999902" in text


def test_years_of_like_verdicts_are_told_together() -> None:
    missing = [judged(year, probes=(probe("2025-04-10", result="declined"),)) for year in (2019, 2020, 2021)]
    late = judged(2024, held=report(2024, claim("2025-03-01")))
    groups = grouped([*missing, late])
    assert [years_text(group) for group in groups] == ["2019–2021年度", "2024年度"]
    assert years_text([missing[0], missing[2]]) == "2019、2021年度"
    page = audit_html(audit(*missing, late))
    for year in (2019, 2020, 2021, 2024):
        assert f'id="v999901-1-{year}"' in page


def test_names_are_escaped_and_samples_named() -> None:
    page = audit_html(audit(sample=True))
    assert "&lt;某县&gt;" in page
    assert "<某县>" not in page
    assert "样例数据" in page
    assert "样例数据" not in audit_html(audit())


def test_colour_only_where_asked() -> None:
    late = judged(2024, held=report(2024, claim("2025-03-01")))
    assert "\x1b[" in audit_table(audit(late), colour=True)
    assert "\x1b[" not in audit_table(audit(late))
    assert "逾期" in audit_table(audit(late), width=60)


def test_blank_stays_blank_in_csv() -> None:
    never = judged(2024)
    row = audit_csv(audit(never)).splitlines()[1]
    assert ",None," not in row
    assert ",not_crawled,never_visited,," in row


def test_a_count_is_red_only_for_a_red_verdict() -> None:
    looks = (probe("2025-04-10"), probe("2025-04-20"))
    department = judged(2024, probes=looks)
    township = judged(2024, kind="township_government", probes=looks)
    assert (department.presence, township.presence) == ("missing", "missing")
    for verdicts, colour in (([township], "amber"), ([township, department], "red"), ([], "")):
        made = audit(*verdicts)
        assert count_colour(made.counties[0], "missing", "red") == colour
        assert f'<td class="{colour}">{len(verdicts)}</td>' in audit_html(made)


def test_what_is_missing_links_to_the_columns_that_do_not_show_it() -> None:
    missing = judged(2024, probes=(probe("2025-04-10"), probe("2025-04-20")))
    [url] = {item.url for item in missing.evidence}
    assert f"      {url}\n" in audit_table(audit(missing))


def test_the_table_fits_eighty_columns_with_every_head_whole() -> None:
    table = audit_table(audit(judged(2024)), width=80)
    summary = table[: table.index("columns:")]
    assert "…" not in summary
    assert {"应公开", "按期", "逾期", "未到期"} <= set(summary.split())
    assert "not crawled" in table


def test_text_from_a_portal_is_no_formula_in_csv() -> None:
    held = judged(2024, held=report(2024, claim("2025-01-20"), title="=HYPERLINK(1)", publisher_shown="某县"))
    made = audit_csv(audit(held))
    assert ",'=HYPERLINK(1)," in made
    assert ",某县," in made
