"""Years, days, structure, other reports beside it, and the oddities of statute.md §6."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from parser.across import Figures
from tests.parser.mutating_words import rows_of, told, touch
from tests.parser.story import FORWARD, NEW, NORMS, OVER, Story

# --- years and days


@told("Y1")
def title_of_another_year(rng: random.Random, story: Story) -> None:
    story.title = story.title.replace(str(story.year), str(story.year - 1))


@told("Y3")
def sentence_of_an_old_report(rng: random.Random, story: Story) -> None:
    story.words["old"] = f"{story.year - rng.randint(3, 6)}年，我镇举办培训班两期。"


@told("Y4")
def period_of_another_year(rng: random.Random, story: Story) -> None:
    year = story.year
    story.words["period"] = f"本报告所列数据的统计期限自{year - 1}年10月1日起至{year}年9月30日止。"


@told("Y4_shorter")
def period_too_short(rng: random.Random, story: Story) -> None:
    story.words["period"] = story.words["period"].replace("12月31日", "11月30日")


@told("D1")
def signed_within_the_year(rng: random.Random, story: Story) -> None:
    story.signed = date(story.year, rng.randint(1, 12), 14)


@told("D2")
def article_50_left_out(rng: random.Random, story: Story) -> None:
    del story.words["article_50"]


@told("D3")
def signed_after_publication(rng: random.Random, story: Story) -> None:
    story.signed = story.published + timedelta(days=rng.randint(1, 40))


# --- structure


@told("S2", "v2021")
def aspects_left_out(rng: random.Random, story: Story) -> None:
    story.words["aspects"] = f"{story.year}年，我镇各项工作有序开展，成效明显。" + "我镇抓好落实。" * 10


@told("S3")
def no_improvements(rng: random.Random, story: Story) -> None:
    story.five = rng.choice(("成绩显著。", "存在的问题是队伍力量薄弱。"))


@told("S4")
def placeholder_left(rng: random.Random, story: Story) -> None:
    story.words["residue"] = rng.choice(("××镇抓好落实。", "XX单位抓好落实。", "（单位名称）抓好落实。"))


@told("S5")
def another_kind_of_body(rng: random.Random, story: Story) -> None:
    for key, text in story.words.items():
        story.words[key] = text.replace("我镇", "我街道")


# --- beside other reports


@told("C1")
def carried_over_is_not_what_was_carried_forward(rng: random.Random, story: Story) -> None:
    story.last_year[f"{FORWARD}.total"] += rng.randint(1, 9)
    touch(story, f"{OVER}.total")


@told("C1_column")
def carried_over_in_another_column(rng: random.Random, story: Story) -> None:
    story.last_year[f"{FORWARD}.natural_person"] += rng.randint(1, 9)
    touch(story, f"{OVER}.natural_person")


@told("C2", "v2021")
def in_force_restated(rng: random.Random, story: Story) -> None:
    story.last_year[f"{NORMS}.in_force"] += rng.randint(1, 9)
    touch(story, f"{NORMS}.in_force")


@told("C3", "v2019")
def items_of_last_year(rng: random.Random, story: Story) -> None:
    key = rng.choice(sorted(key for key in story.drawing.truth if key.endswith(".prev_year_items")))
    story.last_year[key] += rng.randint(1, 9)
    touch(story, key)


@told("C4")
def words_of_last_year(rng: random.Random, story: Story) -> None:
    story.alike = rng.uniform(0.9, 1)


@told("C4b", "v2021")
def numbers_of_last_year(rng: random.Random, story: Story) -> None:
    for key in rows_of(story, "proactive_disclosure."):
        story.last_year[key] = story.drawing.truth[key] or 0
        touch(story, key)


@told("C4c")
def words_of_a_neighbour(rng: random.Random, story: Story) -> None:
    story.twin = ("示例县另镇人民政府", rng.uniform(0.9, 1))


@told("C5")
def pending_cases_lost(rng: random.Random, story: Story) -> None:
    group = rng.choice(("review", "litigation_direct", "litigation_after_review"))
    total = f"review_litigation.{group}_total"
    story.last_year[f"review_litigation.{group}_pending"] = story.number(total) + rng.randint(1, 9)
    touch(story, total)


@told("C6")
def suits_after_no_review(rng: random.Random, story: Story) -> None:
    cells = "review_litigation."
    story.last_year |= {
        f"{cells}review_total": 0,
        f"{cells}review_pending": 0,
        f"{cells}litigation_after_review_pending": 0,
    }
    concluded = story.number(f"{cells}review_total") - story.number(f"{cells}review_pending")
    missing = concluded + 1 - story.number(f"{cells}litigation_after_review_total")
    if missing > 0:
        for name in ("upheld", "total"):
            key = f"{cells}litigation_after_review_{name}"
            story.show(key, story.number(key) + missing)
        story.words.pop("suits")
    touch(story, f"{cells}litigation_after_review_total")


@told("C7")
def cases_without_applications(rng: random.Random, story: Story) -> None:
    for key in rows_of(story, "applications."):
        story.show(key, 0)
    for key in ("received", "persons", "over", "concluded", "forward", "results"):
        del story.words[key]
    story.last_year |= {f"{row}.total": 0 for row in (NEW, OVER)}
    story.last_year |= {key: 0 for key in story.last_year if key.startswith(FORWARD)}
    story.units = []
    touch(
        story,
        *(f"review_litigation.{g}_total" for g in ("review", "litigation_direct", "litigation_after_review")),
    )


@told("P1")
def less_than_one_of_its_units(rng: random.Random, story: Story) -> None:
    key = f"{FORWARD}.total"
    story.units = [Figures(story.year, None, {key: story.number(key) + rng.randint(1, 9)})]
    touch(story, key)


@told("P1_sum")
def less_than_the_sum_of_its_units(rng: random.Random, story: Story) -> None:
    key = f"{FORWARD}.total"
    story.units = [Figures(story.year, None, {key: story.number(key) - 1}) for _ in range(2)]
    touch(story, key)


# --- statute.md §6: oddities that were seen


@told("")
def title_with_the_year_twice(rng: random.Random, story: Story) -> None:
    """2025湖口县大垅乡2025年度…"""
    story.title = f"{story.year}示例县示例镇{story.year}年度政府信息公开工作年度报告"


@told("Y3")
def until_an_impossible_year(rng: random.Random, story: Story) -> None:
    """截至2087年底."""
    story.words["until"] = "截至2087年底，我镇公开信息120条。"


@told("")
def year_with_digits_doubled(rng: random.Random, story: Story) -> None:
    """202020年12月31日: no year at all, and none may be read out of it."""
    year = story.year
    story.words["period"] = f"本报告所列数据的统计期限自{year}年1月1日起至{str(year)[:2]}{year}年12月31日止。"


@told("")
def column_of_another_year(rng: random.Random, story: Story) -> None:
    """Under a path named 2019, with a day of 2026 in the address."""
    story.url = (
        f"https://www.shili.test/zfxxgknb/{story.year - 5}/{story.year + 1}-01/t{story.year + 1}0115_1.html"
    )


@told("")
def item_number_lost(rng: random.Random, story: Story) -> None:
    """第二十条第 with the number gone, and the cells of 规章 left blank."""
    for row in story.drawing.two:
        for at, cell in enumerate(row):
            if cell.text.startswith("第二十条第"):
                row[at] = replace(cell, text="第二十条第项")
            elif ".regulations." in cell.shows:
                row[at] = replace(cell, text="")
                story.drawing.unsay(cell.shows)


@told("S4")
def words_of_the_form_left(rng: random.Random, story: Story) -> None:
    """该部分以表格形式报告。表格如下：."""
    story.words["form"] = "该部分以表格形式报告。表格如下："


@told("missing_table")
def table_is_a_picture(rng: random.Random, story: Story) -> None:
    table = rng.choice(("two", "three", "four"))
    rows = getattr(story.drawing, table)
    gone = {cell.shows for row in rows for cell in row if cell.shows}
    for key in gone:
        story.drawing.unsay(key)
    rows.clear()


@told("Y2")
def outlook_of_last_year(rng: random.Random, story: Story) -> None:
    story.five += f"{story.year - 1}年我镇将继续推进政务公开标准化规范化工作。"


@told("S5")
def our_township_in_a_town(rng: random.Random, story: Story) -> None:
    for key, text in story.words.items():
        story.words[key] = text.replace("我镇", "我乡")


@told("format_year", "v2019")
def tables_of_another_form(rng: random.Random, story: Story) -> None:
    """The form of 2019 in a report on a later year (太平镇 the other way round)."""
    for name, text in list(story.words.items()):
        story.words[name] = text.replace("2020年", "2023年")
    story.title = story.title.replace("2020", "2023")
    story.published, story.signed = date(2024, 1, 15), date(2024, 1, 10)
    story.year = 2023
