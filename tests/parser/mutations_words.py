"""Damage to what a report says beside its tables, by the names of statute.md §3, §6 and practice.md §3.

Each mutation changes a Story and leaves every number of the tables determinable. It says before the parser
runs which finding must tell of it, and notes the cells that it speaks of.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from parser.across import Figures
from tests.parser.mutations import MUTATIONS
from tests.parser.story import FEE, FORWARD, NEW, NORMS, OVER, TOTAL, Story, group_sum

Mutation = Callable[[random.Random, Story], None]


@dataclass(frozen=True)
class Kind:
    """`code`: the finding that must tell of it, "" where nothing is wrong and nothing may be misread."""

    damage: Mutation
    code: str
    versions: tuple[str, ...] = ("v2021", "v2019")


KINDS: dict[str, Kind] = {}


def told(code: str, *versions: str) -> Callable[[Mutation], Mutation]:
    def register(damage: Mutation) -> Mutation:
        KINDS[damage.__name__] = Kind(damage, code, versions or ("v2021", "v2019"))
        return damage

    return register


def _touch(story: Story, *keys: str) -> None:
    story.drawing.damaged |= set(keys)


def _rows(story: Story, prefix: str) -> set[str]:
    return {key for key in story.drawing.truth if key.startswith(prefix)}


def _other(rng: random.Random, number: int) -> int:
    return number + rng.randint(1, 90)


# --- statute.md §3 and practice.md §3: words against numbers


@told("N1")
def received_in_words(rng: random.Random, story: Story) -> None:
    story.words["received"] = f"全年收到政府信息公开申请{_other(rng, story.number(f'{NEW}.total'))}件。"
    _touch(story, f"{NEW}.total")


@told("N1")
def none_received_in_words(rng: random.Random, story: Story) -> None:
    """N8."""
    story.words["received"] = rng.choice(("全年未收到政府信息公开申请。", "全年没有收到政府信息公开申请。"))
    _touch(story, f"{NEW}.total")


@told("N1b")
def natural_persons_in_words(rng: random.Random, story: Story) -> None:
    number = _other(rng, story.number(f"{NEW}.natural_person"))
    story.words["persons"] = f"政府信息公开申请中自然人申请{number}件。"
    _touch(story, f"{NEW}.natural_person")


@told("N2")
def concluded_in_words(rng: random.Random, story: Story) -> None:
    story.words["concluded"] = f"政府信息公开申请办结{_other(rng, story.number(f'{TOTAL}.total'))}件。"
    _touch(story, f"{TOTAL}.total")


@told("N3")
def carried_forward_in_words(rng: random.Random, story: Story) -> None:
    story.words["forward"] = f"{_other(rng, story.number(f'{FORWARD}.total'))}件申请结转下年度继续办理。"
    _touch(story, f"{FORWARD}.total")


@told("N4")
def sentence_that_does_not_add_up(rng: random.Random, story: Story) -> None:
    story.words["over"] = f"上年结转政府信息公开申请{_other(rng, story.number(f'{OVER}.total'))}件。"
    _touch(story, f"{OVER}.total")


@told("N5")
def parts_of_disclosures(rng: random.Random, story: Story) -> None:
    story.words["disclosures"] = (
        f"主动公开政府信息100条，其中公告16条、文件20条、动态{rng.randint(80, 99)}条。"
    )


@told("N6")
def normative_documents_in_words(rng: random.Random, story: Story) -> None:
    issued = f"{NORMS}.{'issued' if story.drawing.version == 'v2021' else 'newly_made'}"
    story.words["norms"] = f"制发规范性文件{_other(rng, story.number(issued))}件。"
    _touch(story, issued)


@told("N7")
def reviews_in_words(rng: random.Random, story: Story) -> None:
    number = _other(rng, story.number("review_litigation.review_total"))
    story.words["reviews"] = f"因政府信息公开被申请行政复议{number}件。"
    _touch(story, "review_litigation.review_total")


@told("N9")
def results_in_words(rng: random.Random, story: Story) -> None:
    name, label = rng.choice([("denied", "不予公开"), ("unavailable", "无法提供"), ("partial", "部分公开")])
    number = _other(rng, group_sum(story, name))
    story.words["results"] = f"政府信息公开申请{label}{number}件。"
    _touch(story, "applications.result_partial.total")


@told("N10")
def outcomes_in_words(rng: random.Random, story: Story) -> None:
    upheld, total = (story.number(f"review_litigation.review_{name}") for name in ("upheld", "total"))
    story.words["reviews"] = f"因政府信息公开被申请行政复议{total}件，其中结果维持{_other(rng, upheld)}件。"
    _touch(story, "review_litigation.review_upheld")


@told("N11")
def decisions_in_words(rng: random.Random, story: Story) -> None:
    row, label, key = rng.choice(
        [
            ("licensing", "行政许可", "licences"),
            ("penalties", "行政处罚", "penalties"),
            ("coercion", "行政强制", "coercion"),
        ]
    )
    cell = f"proactive_disclosure.{row}.decisions"
    story.words[key] = f"作出{label}决定{_other(rng, story.number(cell))}件。"
    _touch(story, cell)


@told("N12")
def growth_in_words(rng: random.Random, story: Story) -> None:
    number = story.number(f"{NEW}.total")
    claim = rng.choice((f"较上年增加{number - 39}件", "同比下降3%", "同比增长12.5%"))
    story.words["received"] = f"全年收到政府信息公开申请{number}件，{claim}。"
    _touch(story, f"{NEW}.total")


@told("N13")
def all_concluded_in_words(rng: random.Random, story: Story) -> None:
    story.words["rate"] = rng.choice(("办结率100%。", "申请答复率达100%。"))
    _touch(story, f"{FORWARD}.total")


# --- numbers that are possible and hardly right


@told("H1")
def year_for_a_number(rng: random.Random, story: Story) -> None:
    """Where no sum holds the number: it is read as printed, and told."""
    key = rng.choice(
        [f"proactive_disclosure.{row}.decisions" for row in ("licensing", "penalties", "coercion")]
    )
    for word in ("licences", "penalties", "coercion"):
        story.words.pop(word, None)
    story.peers = replace(story.peers, high={})
    story.show(key, story.year + rng.choice((-1, 0, 1)))
    _touch(story, key)


@told("T1")
def regulations_of_a_town(rng: random.Random, story: Story) -> None:
    column = rng.choice([key for key in story.drawing.truth if ".regulations." in key])
    if column.endswith(("in_force", "total_disclosed")):
        story.last_year.pop(column, None)
    story.show(column, 6)
    _touch(story, column)


@told("T2", "v2021")
def less_in_force_than_issued(rng: random.Random, story: Story) -> None:
    issued, repealed = story.number(f"{NORMS}.issued"), 0
    story.show(f"{NORMS}.repealed", repealed)
    story.show(f"{NORMS}.in_force", issued - rng.randint(1, 90))
    _touch(story, f"{NORMS}.in_force", f"{NORMS}.repealed")


@told("T3", "v2021")
def issued_and_none_in_force(rng: random.Random, story: Story) -> None:
    story.show(f"{NORMS}.repealed", story.number(f"{NORMS}.issued"))
    story.show(f"{NORMS}.in_force", 0)
    _touch(story, f"{NORMS}.in_force", f"{NORMS}.repealed")


@told("T4", "v2019")
def less_disclosed_in_all_than_newly(rng: random.Random, story: Story) -> None:
    story.show(f"{NORMS}.total_disclosed", story.number(f"{NORMS}.newly_disclosed") - rng.randint(1, 90))
    _touch(story, f"{NORMS}.total_disclosed")


@told("T5", "v2021")
def fee_in_yuan(rng: random.Random, story: Story) -> None:
    """元 in a column of 万元: against last year's, or its peers'."""
    fee = float(story.drawing.truth[FEE] or 0)
    if rng.random() < 0.5:
        story.last_year[FEE] = fee / 10_000
    else:
        story.peers = replace(story.peers, fee=fee / 10_000)
    _touch(story, FEE)


@told("T6")
def more_penalties_than_its_like(rng: random.Random, story: Story) -> None:
    key = rng.choice([f"proactive_disclosure.{row}.decisions" for row in ("licensing", "penalties")])
    story.peers = replace(story.peers, high={key: story.number(key) - 1})
    _touch(story, key)


@told("T7")
def a_third_left_over(rng: random.Random, story: Story) -> None:
    """The flow still adds up: as much was carried over as is carried forward."""
    new = story.number(f"{NEW}.natural_person")
    for column in ("natural_person", "total"):
        forward = f"{FORWARD}.{column}"
        story.show(forward, story.number(forward) + 3 * new)
        story.show(f"{OVER}.{column}", story.number(f"{OVER}.{column}") + 3 * new)
        story.last_year[forward] = story.number(f"{OVER}.{column}")
        _touch(story, forward, f"{OVER}.{column}")
    for word, key in (("over", OVER), ("forward", FORWARD)):
        story.words[word] = story.words[word].replace(
            str(story.number(f"{key}.total") - 3 * new), str(story.number(f"{key}.total"))
        )
    new_total = story.number(f"{NEW}.total")
    if 3 * story.number(f"{FORWARD}.total") <= new_total:  # another column has most of the applications
        a_third_left_over(rng, story)


@told("T8", "v2021")
def fee_in_words(rng: random.Random, story: Story) -> None:
    yuan = int(float(story.drawing.truth[FEE] or 0) * 10_000) + rng.randint(10_000, 90_000)
    story.six = f"全年收取政府信息公开信息处理费{yuan}元。"
    _touch(story, FEE)


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
    _touch(story, f"{OVER}.total")


@told("C1_column")
def carried_over_in_another_column(rng: random.Random, story: Story) -> None:
    story.last_year[f"{FORWARD}.natural_person"] += rng.randint(1, 9)
    _touch(story, f"{OVER}.natural_person")


@told("C2", "v2021")
def in_force_restated(rng: random.Random, story: Story) -> None:
    story.last_year[f"{NORMS}.in_force"] += rng.randint(1, 9)
    _touch(story, f"{NORMS}.in_force")


@told("C3", "v2019")
def items_of_last_year(rng: random.Random, story: Story) -> None:
    key = rng.choice(sorted(key for key in story.drawing.truth if key.endswith(".prev_year_items")))
    story.last_year[key] += rng.randint(1, 9)
    _touch(story, key)


@told("C4")
def words_of_last_year(rng: random.Random, story: Story) -> None:
    story.alike = rng.uniform(0.9, 1)


@told("C4b", "v2021")
def numbers_of_last_year(rng: random.Random, story: Story) -> None:
    for key in _rows(story, "proactive_disclosure."):
        story.last_year[key] = story.drawing.truth[key] or 0
        _touch(story, key)


@told("C4c")
def words_of_a_neighbour(rng: random.Random, story: Story) -> None:
    story.twin = ("示例县另镇人民政府", rng.uniform(0.9, 1))


@told("C5")
def pending_cases_lost(rng: random.Random, story: Story) -> None:
    group = rng.choice(("review", "litigation_direct", "litigation_after_review"))
    total = f"review_litigation.{group}_total"
    story.last_year[f"review_litigation.{group}_pending"] = story.number(total) + rng.randint(1, 9)
    _touch(story, total)


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
    _touch(story, f"{cells}litigation_after_review_total")


@told("C7")
def cases_without_applications(rng: random.Random, story: Story) -> None:
    for key in _rows(story, "applications."):
        story.show(key, 0)
    for key in ("received", "persons", "over", "concluded", "forward", "results"):
        del story.words[key]
    story.last_year |= {f"{row}.total": 0 for row in (NEW, OVER)}
    story.last_year |= {key: 0 for key in story.last_year if key.startswith(FORWARD)}
    story.units = []
    _touch(
        story,
        *(f"review_litigation.{g}_total" for g in ("review", "litigation_direct", "litigation_after_review")),
    )


@told("P1")
def less_than_one_of_its_units(rng: random.Random, story: Story) -> None:
    key = f"{FORWARD}.total"
    story.units = [Figures(story.year, None, {key: story.number(key) + rng.randint(1, 9)})]
    _touch(story, key)


@told("P1_sum")
def less_than_the_sum_of_its_units(rng: random.Random, story: Story) -> None:
    key = f"{FORWARD}.total"
    story.units = [Figures(story.year, None, {key: story.number(key) - 1}) for _ in range(2)]
    _touch(story, key)


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


#: The names of statute.md §6 (what real reports showed), each with the kind that does it.
STATUTE_6 = {
    "title with two years or one year twice": ("title_with_the_year_twice", "title_of_another_year"),
    "截至2087年底": ("until_an_impossible_year",),
    "202020年12月31日": ("year_with_digits_doubled",),
    "a column path named 2019 but dated 2026-01": ("column_of_another_year",),
    "第二十条第 with the item number lost and a blank for 规章": ("item_number_lost",),
    "template residue 该部分以表格形式报告": ("words_of_the_form_left",),
    "identical cells deduplicated": ("identical_neighbours_dropped", "deduplicated_and_damaged"),
    "tables absent, images or scripts": ("table_is_a_picture",),
    "/ and blanks for zero": ("blank_cells", "blank_zeros", "zeros_left_blank"),
    "last year's outlook kept": ("outlook_of_last_year",),
    "我乡 in a 镇 report": ("our_township_in_a_town",),
    "the tables of one form under another year": ("tables_of_another_form",),
}
#: The ids of practice.md §3.
PRACTICE_3 = frozenset(
    [
        *("N1b", "N9", "N10", "N11", "N12", "N13", "Y3", "Y4", "S2", "S3", "S4", "S5"),
        *("H1", "T5", "T6", "T7", "T8", "D3", "C4", "C4b", "C4c", "C5", "C6", "C7"),
    ]
)
#: Those of statute.md §3, beside the sums.
STATUTE_3 = frozenset(
    [
        *("N1", "N2", "N3", "N4", "N5", "N6", "N7", "P1", "Y1", "Y2", "D1", "D2"),
        *("T1", "T2", "T3", "T4", "C1", "C2", "C3"),
    ]
)
#: Kinds of our own: damage that neither page names.
OWN = tuple(
    name for name in MUTATIONS if name != "nothing" and not any(name in kinds for kinds in STATUTE_6.values())
)
