"""Words and numbers that do not agree, and numbers that are possible and hardly right."""

from __future__ import annotations

import random
from dataclasses import replace

from tests.parser.mutating_words import another, told, touch
from tests.parser.story import FEE, FORWARD, NEW, NORMS, OVER, TOTAL, Story, group_sum

# --- statute.md §3 and practice.md §3: words against numbers


@told("N1")
def received_in_words(rng: random.Random, story: Story) -> None:
    story.words["received"] = f"全年收到政府信息公开申请{another(rng, story.number(f'{NEW}.total'))}件。"
    touch(story, f"{NEW}.total")


@told("N1")
def none_received_in_words(rng: random.Random, story: Story) -> None:
    """N8."""
    story.words["received"] = rng.choice(("全年未收到政府信息公开申请。", "全年没有收到政府信息公开申请。"))
    touch(story, f"{NEW}.total")


@told("N1b")
def natural_persons_in_words(rng: random.Random, story: Story) -> None:
    number = another(rng, story.number(f"{NEW}.natural_person"))
    story.words["persons"] = f"政府信息公开申请中自然人申请{number}件。"
    touch(story, f"{NEW}.natural_person")


@told("N2")
def concluded_in_words(rng: random.Random, story: Story) -> None:
    story.words["concluded"] = f"政府信息公开申请办结{another(rng, story.number(f'{TOTAL}.total'))}件。"
    touch(story, f"{TOTAL}.total")


@told("N3")
def carried_forward_in_words(rng: random.Random, story: Story) -> None:
    story.words["forward"] = f"{another(rng, story.number(f'{FORWARD}.total'))}件申请结转下年度继续办理。"
    touch(story, f"{FORWARD}.total")


@told("N4")
def sentence_that_does_not_add_up(rng: random.Random, story: Story) -> None:
    story.words["over"] = f"上年结转政府信息公开申请{another(rng, story.number(f'{OVER}.total'))}件。"
    touch(story, f"{OVER}.total")


@told("N5")
def parts_of_disclosures(rng: random.Random, story: Story) -> None:
    story.words["disclosures"] = (
        f"主动公开政府信息100条，其中公告16条、文件20条、动态{rng.randint(80, 99)}条。"
    )


@told("N6")
def normative_documents_in_words(rng: random.Random, story: Story) -> None:
    issued = f"{NORMS}.{'issued' if story.drawing.version == 'v2021' else 'newly_made'}"
    story.words["norms"] = f"制发规范性文件{another(rng, story.number(issued))}件。"
    touch(story, issued)


@told("N7")
def reviews_in_words(rng: random.Random, story: Story) -> None:
    number = another(rng, story.number("review_litigation.review_total"))
    story.words["reviews"] = f"因政府信息公开被申请行政复议{number}件。"
    touch(story, "review_litigation.review_total")


@told("N9")
def results_in_words(rng: random.Random, story: Story) -> None:
    name, label = rng.choice([("denied", "不予公开"), ("unavailable", "无法提供"), ("partial", "部分公开")])
    number = another(rng, group_sum(story, name))
    story.words["results"] = f"政府信息公开申请{label}{number}件。"
    touch(story, "applications.result_partial.total")


@told("N10")
def outcomes_in_words(rng: random.Random, story: Story) -> None:
    upheld, total = (story.number(f"review_litigation.review_{name}") for name in ("upheld", "total"))
    story.words["reviews"] = f"因政府信息公开被申请行政复议{total}件，其中结果维持{another(rng, upheld)}件。"
    touch(story, "review_litigation.review_upheld")


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
    story.words[key] = f"作出{label}决定{another(rng, story.number(cell))}件。"
    touch(story, cell)


@told("N12")
def growth_in_words(rng: random.Random, story: Story) -> None:
    number = story.number(f"{NEW}.total")
    claim = rng.choice((f"较上年增加{number - 39}件", "同比下降3%", "同比增长12.5%"))
    story.words["received"] = f"全年收到政府信息公开申请{number}件，{claim}。"
    touch(story, f"{NEW}.total")


@told("N13")
def all_concluded_in_words(rng: random.Random, story: Story) -> None:
    story.words["rate"] = rng.choice(("办结率100%。", "申请答复率达100%。"))
    touch(story, f"{FORWARD}.total")


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
    touch(story, key)


@told("T1")
def regulations_of_a_town(rng: random.Random, story: Story) -> None:
    column = rng.choice([key for key in story.drawing.truth if ".regulations." in key])
    if column.endswith(("in_force", "total_disclosed")):
        story.last_year.pop(column, None)
    story.show(column, 6)
    touch(story, column)


@told("T2", "v2021")
def less_in_force_than_issued(rng: random.Random, story: Story) -> None:
    issued, repealed = story.number(f"{NORMS}.issued"), 0
    story.show(f"{NORMS}.repealed", repealed)
    story.show(f"{NORMS}.in_force", issued - rng.randint(1, 90))
    touch(story, f"{NORMS}.in_force", f"{NORMS}.repealed")


@told("T3", "v2021")
def issued_and_none_in_force(rng: random.Random, story: Story) -> None:
    story.show(f"{NORMS}.repealed", story.number(f"{NORMS}.issued"))
    story.show(f"{NORMS}.in_force", 0)
    touch(story, f"{NORMS}.in_force", f"{NORMS}.repealed")


@told("T4", "v2019")
def less_disclosed_in_all_than_newly(rng: random.Random, story: Story) -> None:
    story.show(f"{NORMS}.total_disclosed", story.number(f"{NORMS}.newly_disclosed") - rng.randint(1, 90))
    touch(story, f"{NORMS}.total_disclosed")


@told("T5", "v2021")
def fee_in_yuan(rng: random.Random, story: Story) -> None:
    """元 in a column of 万元: against last year's, or its peers'."""
    fee = float(story.drawing.truth[FEE] or 0)
    if rng.random() < 0.5:
        story.last_year[FEE] = fee / 10_000
    else:
        story.peers = replace(story.peers, fee=fee / 10_000)
    touch(story, FEE)


@told("T6")
def more_penalties_than_its_like(rng: random.Random, story: Story) -> None:
    key = rng.choice([f"proactive_disclosure.{row}.decisions" for row in ("licensing", "penalties")])
    story.peers = replace(story.peers, high={key: story.number(key) - 1})
    touch(story, key)


@told("T7")
def a_third_left_over(rng: random.Random, story: Story) -> None:
    """The flow still adds up: as much was carried over as is carried forward."""
    new = story.number(f"{NEW}.natural_person")
    for column in ("natural_person", "total"):
        forward = f"{FORWARD}.{column}"
        story.show(forward, story.number(forward) + 3 * new)
        story.show(f"{OVER}.{column}", story.number(f"{OVER}.{column}") + 3 * new)
        story.last_year[forward] = story.number(f"{OVER}.{column}")
        touch(story, forward, f"{OVER}.{column}")
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
    touch(story, FEE)
