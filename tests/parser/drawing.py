"""Draws reports for the parser's tests: statutory tables with known numbers, as rows of cells with spans.

Labels are typed here from the statute, not taken from the parser's own tables. A drawing knows for every cell
which number of the truth it shows, so that a mutation can say what it did.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from parser.document import Block, Cell, Document, Grid, GridSource, Paragraph

COLUMNS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
COLUMN_LABELS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
HEAD = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RESULT = "三、本年度办理结果"
# (key, group, label); group None: the label covers all three label columns
ROWS_2021: tuple[tuple[str, str | None, str], ...] = (
    ("new_received", None, "一、本年新收政府信息公开申请数量"),
    ("carried_over", None, "二、上年结转政府信息公开申请数量"),
    ("result_disclosed", "", "（一）予以公开"),
    ("result_partial", "", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("denied_state_secret", "（三）不予公开", "1.属于国家秘密"),
    ("denied_law_prohibited", "（三）不予公开", "2.其他法律行政法规禁止公开"),
    ("denied_three_security_one_stability", "（三）不予公开", "3.危及“三安全一稳定”"),
    ("denied_third_party", "（三）不予公开", "4.保护第三方合法权益"),
    ("denied_internal_affairs", "（三）不予公开", "5.属于三类内部事务信息"),
    ("denied_process_info", "（三）不予公开", "6.属于四类过程性信息"),
    ("denied_enforcement_file", "（三）不予公开", "7.属于行政执法案卷"),
    ("denied_admin_query", "（三）不予公开", "8.属于行政查询事项"),
    ("unavailable_not_held", "（四）无法提供", "1.本机关不掌握相关政府信息"),
    ("unavailable_needs_creation", "（四）无法提供", "2.没有现成信息需要另行制作"),
    ("unavailable_unclear", "（四）无法提供", "3.补正后申请内容仍不明确"),
    ("not_processed_petition", "（五）不予处理", "1.信访举报投诉类申请"),
    ("not_processed_duplicate", "（五）不予处理", "2.重复申请"),
    ("not_processed_publication", "（五）不予处理", "3.要求提供公开出版物"),
    ("not_processed_excessive", "（五）不予处理", "4.无正当理由大量反复申请"),
    ("not_processed_reconfirm", "（五）不予处理", "5.要求行政机关确认或重新出具已获取信息"),
    (
        "other_overdue_correction",
        "（六）其他处理",
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
    ),
    (
        "other_overdue_fee",
        "（六）其他处理",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
    ),
    ("other_other", "（六）其他处理", "3.其他"),
    ("result_total", "", "（七）总计"),
    ("carried_forward", None, "四、结转下年度继续办理"),
)
ROWS_2019 = (
    *ROWS_2021[:20],
    ("other_processing", "", "（六）其他处理"),
    *ROWS_2021[23:],
)
YEARS = range(1990, 2040)  # no count is one of them
OUTCOMES = ("upheld", "corrected", "other", "pending", "total")
OUTCOME_LABELS = ("结果维持", "结果纠正", "其他结果", "尚未审结", "总计")
GROUPS = ("review", "litigation_direct", "litigation_after_review")


@dataclass(frozen=True)
class Drawn:
    """A cell as drawn. `shows` is the key of the truth it shows, "" for labels and padding."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    shows: str = ""
    role: str = ""  # label | group | head | value | pad


DrawnRow = list[Drawn]


@dataclass
class Drawing:
    """The three tables as rows of drawn cells; `breaks`: rows before which a new grid begins."""

    two: list[DrawnRow]
    three: list[DrawnRow]
    four: list[DrawnRow]
    truth: dict[str, int | float | None]
    version: str
    breaks: set[int] = field(default_factory=set)  # in table 三
    extra: list[list[DrawnRow]] = field(default_factory=list)
    meant: dict[str, int | float | None] = field(default_factory=dict)  # of cells that are not drawn any more
    damaged: set[str] = field(default_factory=set)  # cells whose number, place or name is no longer drawn so

    misprinted: set[str] = field(default_factory=set)  # the body printed a number that is not meant

    def misprint(self, key: str, number: int) -> None:
        """Another number is drawn in the cell: it is right to read it, and a finding must name it."""
        self.truth[key] = number
        self.damaged.add(key)
        self.misprinted.add(key)

    def lose(self, key: str) -> None:
        """The cell is no longer drawn: nothing is right, and so is the number that the writer meant."""
        self.meant[key] = self.truth[key]
        self.truth[key] = None
        self.damaged.add(key)

    def unsay(self, key: str) -> None:
        """No number is given in the cell any more."""
        self.truth[key] = None
        self.damaged.add(key)


# --- numbers


def numbers(rng: random.Random, version: str, *, sparse: bool = False) -> dict[str, int | float | None]:
    """A consistent set: large, distinct and nonzero, or `sparse`: nearly all zeros, as real towns are."""
    rows = ROWS_2021 if version == "v2021" else ROWS_2019
    leaves = [
        key
        for key, _, _ in rows
        if key not in ("new_received", "carried_over", "result_total", "carried_forward")
    ]
    truth: dict[str, int | float | None] = {}

    def draw() -> int:
        if sparse:
            return rng.choice((0,) * 9 + (rng.randint(1, 40),))
        return _count(rng)

    for column in COLUMNS[:-1]:
        values = {leaf: draw() for leaf in leaves}
        total = sum(values.values())
        forward = draw()
        over = rng.randint(0, total + forward) if not sparse else min(draw(), total + forward)
        while over in YEARS or total + forward - over in YEARS:
            over += 1 if over < total + forward else -50
        values |= {"result_total": total, "carried_forward": forward, "carried_over": over}
        values["new_received"] = total + forward - over
        for key, value in values.items():
            truth[f"applications.{key}.{column}"] = value
    for key, _, _ in rows:
        parts = [truth[f"applications.{key}.{column}"] for column in COLUMNS[:-1]]
        truth[f"applications.{key}.total"] = sum(part for part in parts if part is not None)
    for group in GROUPS:
        parts_of = [draw() for _ in OUTCOMES[:-1]]
        for outcome, value in zip(OUTCOMES, [*parts_of, sum(parts_of)], strict=True):
            truth[f"review_litigation.{group}_{outcome}"] = value
    truth |= _disclosure_numbers(rng, version)
    return truth


def _count(rng: random.Random) -> int:
    """Large, and no year: a count of 2024 is a finding of its own (practice.md §3, H1)."""
    number = rng.randint(101, 9999)
    return number if number not in YEARS else number + 100


def _disclosure_numbers(rng: random.Random, version: str) -> dict[str, int | float | None]:
    def draw() -> int:
        return _count(rng)

    names: list[tuple[str, tuple[str, ...]]]
    if version == "v2021":
        names = [("licensing", ("decisions",)), ("penalties", ("decisions",)), ("coercion", ("decisions",))]
        truth: dict[str, int | float | None] = {}
        for row in ("regulations", "normative_documents"):
            issued, repealed = draw(), draw()
            truth[f"proactive_disclosure.{row}.issued"] = issued
            truth[f"proactive_disclosure.{row}.repealed"] = repealed
            truth[f"proactive_disclosure.{row}.in_force"] = issued + draw()
        truth["proactive_disclosure.fees.amount_wan_yuan"] = round(
            rng.randint(10_000, 99_999) / 100 + 0.001, 3
        )
    else:
        names = [
            ("regulations", ("newly_made", "newly_disclosed", "total_disclosed")),
            ("normative_documents", ("newly_made", "newly_disclosed", "total_disclosed")),
            *(
                (row, ("prev_year_items", "change", "decisions"))
                for row in ("licensing", "other_external_services", "penalties", "coercion")
            ),
            ("fees", ("prev_year_items", "change")),
            ("procurement", ("items",)),
        ]
        truth = {
            "proactive_disclosure.procurement.total_amount_wan_yuan": round(
                rng.randint(10_000, 99_999) / 100 + 0.001, 3
            )
        }
    for row, columns in names:
        for column in columns:
            truth[f"proactive_disclosure.{row}.{column}"] = draw()
        if "total_disclosed" in columns:  # it holds what was newly disclosed (statute.md §3, T4)
            new, more = truth[f"proactive_disclosure.{row}.newly_disclosed"], draw()
            whole = int(new or 0) + more
            truth[f"proactive_disclosure.{row}.total_disclosed"] = whole + len(YEARS) * (whole in YEARS)
    return truth


# --- drawing


def draw(rng: random.Random, version: str = "v2021", *, sparse: bool = False) -> Drawing:
    """A whole, undamaged report."""
    truth = numbers(rng, version, sparse=sparse)
    return Drawing(_draw_two(truth, version), _draw_three(truth, version), _draw_four(truth), truth, version)


def _value(truth: dict[str, int | float | None], key: str, colspan: int = 1) -> Drawn:
    value = truth[key]
    return Drawn(
        "" if value is None else f"{value:g}" if isinstance(value, int) else f"{value:.3f}",
        colspan,
        1,
        key,
        "value",
    )


def _draw_three(truth: dict[str, int | float | None], version: str) -> list[DrawnRow]:
    rows = ROWS_2021 if version == "v2021" else ROWS_2019
    drawn: list[DrawnRow] = [
        [Drawn(HEAD, 3, 3, role="head"), Drawn("申请人情况", 7, role="head")],
        [
            Drawn("自然人", 1, 2, role="head"),
            Drawn("法人或其他组织", 5, role="head"),
            Drawn("总计", 1, 2, role="head"),
        ],
        [Drawn(label, role="head") for label in COLUMN_LABELS[1:6]],
    ]
    in_result = sum(group is not None for _, group, _ in rows)
    seen_result, seen_groups = False, set()
    for key, group, label in rows:
        cells: DrawnRow = []
        if group is not None and not seen_result:
            cells.append(Drawn(RESULT, 1, in_result, role="group"))
            seen_result = True
        if group is None:
            cells.append(Drawn(label, 3, role="label"))
        elif group == "":
            cells.append(Drawn(label, 2, role="label"))
        else:
            if group not in seen_groups:
                seen_groups.add(group)
                cells.append(Drawn(group, 1, sum(other == group for _, other, _ in rows), role="group"))
            cells.append(Drawn(label, role="label"))
        cells.extend(_value(truth, f"applications.{key}.{column}") for column in COLUMNS)
        drawn.append(cells)
    return drawn


def _draw_two(truth: dict[str, int | float | None], version: str) -> list[DrawnRow]:
    def key(row: str, column: str) -> Drawn:
        return _value(truth, f"proactive_disclosure.{row}.{column}")

    def item(name: str) -> DrawnRow:
        return [Drawn(f"第二十条第（{name}）项", 4, role="head")]

    def head(*labels: str) -> DrawnRow:
        span = 3 if len(labels) == 1 else 1
        return [Drawn("信息内容", role="head"), *(Drawn(label, span, role="head") for label in labels)]

    def row(label: str, *cells: Drawn) -> DrawnRow:
        span = 3 if len(cells) == 1 else 1
        return [Drawn(label, role="label"), *(replace(cell, colspan=span) for cell in cells)]

    if version == "v2021":
        three = ("issued", "repealed", "in_force")
        return [
            item("一"),
            head("本年制发件数", "本年废止件数", "现行有效件数"),
            row("规章", *(key("regulations", column) for column in three)),
            row("行政规范性文件", *(key("normative_documents", column) for column in three)),
            item("五"),
            head("本年处理决定数量"),
            row("行政许可", key("licensing", "decisions")),
            item("六"),
            head("本年处理决定数量"),
            row("行政处罚", key("penalties", "decisions")),
            row("行政强制", key("coercion", "decisions")),
            item("八"),
            head("本年收费金额（单位：万元）"),
            row("行政事业性收费", key("fees", "amount_wan_yuan")),
        ]
    made = ("newly_made", "newly_disclosed", "total_disclosed")
    done = ("prev_year_items", "change", "decisions")
    amount = key("procurement", "total_amount_wan_yuan")
    return [
        item("一"),
        head("本年新制作数量", "本年新公开数量", "对外公开总数量"),
        row("规章", *(key("regulations", column) for column in made)),
        row("规范性文件", *(key("normative_documents", column) for column in made)),
        item("五"),
        head("上一年项目数量", "本年增/减", "处理决定数量"),
        row("行政许可", *(key("licensing", column) for column in done)),
        row("其他对外管理服务事项", *(key("other_external_services", column) for column in done)),
        item("六"),
        head("上一年项目数量", "本年增/减", "处理决定数量"),
        row("行政处罚", *(key("penalties", column) for column in done)),
        row("行政强制", *(key("coercion", column) for column in done)),
        item("八"),
        head("上一年项目数量", "本年增/减"),
        row("行政事业性收费", key("fees", "prev_year_items"), key("fees", "change")),
        item("九"),
        head("采购项目数量", "采购总金额"),
        row("政府集中采购", key("procurement", "items"), replace(amount, text=amount.text + "万元")),
    ]


def _draw_four(truth: dict[str, int | float | None]) -> list[DrawnRow]:
    return [
        [Drawn("行政复议", 5, role="head"), Drawn("行政诉讼", 10, role="head")],
        [
            *(Drawn(label, 1, 2, role="head") for label in OUTCOME_LABELS),
            Drawn("未经复议直接起诉", 5, role="head"),
            Drawn("复议后起诉", 5, role="head"),
        ],
        [Drawn(label, role="head") for label in (*OUTCOME_LABELS, *OUTCOME_LABELS)],
        [_value(truth, f"review_litigation.{group}_{outcome}") for group in GROUPS for outcome in OUTCOMES],
    ]


# --- drawn rows → grids


def html_grid(rows: Sequence[DrawnRow], source: GridSource = GridSource.HTML) -> Grid:
    """Places spans as a browser does: a cell goes to the first free place of its row."""
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    width = 0
    for at, row in enumerate(rows):
        column = 0
        for drawn in row:
            while (at, column) in taken:
                column += 1
            rowspan = min(drawn.rowspan, len(rows) - at)
            cells.append(
                Cell(
                    at,
                    column,
                    drawn.text,
                    drawn.text,
                    f"tr[{at + 1}]/td[{column + 1}]",
                    rowspan,
                    drawn.colspan,
                )
            )
            taken |= {(at + r, column + c) for r in range(rowspan) for c in range(drawn.colspan)}
            column += drawn.colspan
            width = max(width, column)
    return Grid(tuple(cells), len(rows), width, source)


def text_grid(rows: Sequence[DrawnRow], *, pad: str = "after") -> Grid:
    """A grid as text extractors flatten it: one place a drawn cell, padding for spans `after` or `none`.

    `fixed`: blanks stand where a span covers, so that numbers stay under their heads.
    """
    if pad == "fixed":
        return _fixed_text(rows)
    cells: list[Cell] = []
    for at, row in enumerate(rows):
        texts = [drawn.text for drawn in row]
        if pad == "after":
            texts += [""] * sum(drawn.colspan - 1 for drawn in row)
        cells.extend(Cell(at, column, text, text, f"line {at + 1}") for column, text in enumerate(texts))
    return Grid(
        tuple(cells), len(rows), max((cell.column for cell in cells), default=-1) + 1, GridSource.TEXT
    )


def _fixed_text(rows: Sequence[DrawnRow]) -> Grid:
    spread = html_grid(rows)
    cells: list[Cell] = []
    for at in range(spread.n_rows):
        drawn = {cell.column: cell for cell in spread.cells if cell.row == at}
        end = max((place for place, cell in enumerate(spread.rows[at]) if cell is not None), default=-1)
        for column in range(end + 1):
            text = drawn[column].text if column in drawn else ""
            cells.append(Cell(at, column, text, text, f"line {at + 1}"))
    return Grid(tuple(cells), spread.n_rows, spread.n_columns, GridSource.TEXT)


STYLES = ("html", "text_after", "text_none", "text_fixed", "one_grid")


def document(
    drawing: Drawing, style: str = "html", *, title: str = "示例镇2024年政府信息公开工作年度报告"
) -> Document:
    """The drawing as a Document with six sections."""

    def grid(rows: Sequence[DrawnRow]) -> Grid:
        return (
            html_grid(rows)
            if style in ("html", "one_grid")
            else text_grid(rows, pad=style.removeprefix("text_"))
        )

    year = "2024" if drawing.version == "v2021" else "2020"
    title = title.replace("2024", year)
    blocks: list[Block] = []

    def say(text: str) -> None:
        blocks.append(Paragraph(text, text, f"p {len(blocks) + 1}"))

    say(title)
    say("一、总体情况")
    say(f"{year}年，本机关认真开展政府信息公开工作。{year}年工作考核、社会评议正常。")
    if style == "one_grid":
        rows = [
            [Drawn("二、主动公开政府信息情况", 15)],
            *drawing.two,
            [Drawn("三、收到和处理政府信息公开申请情况", 15)],
            *drawing.three,
            [Drawn("四、政府信息公开行政复议、行政诉讼情况", 15)],
            *drawing.four,
        ]
        blocks.append(html_grid(rows))
    else:
        say("二、主动公开政府信息情况")
        blocks.append(grid(drawing.two))
        say("三、收到和处理政府信息公开申请情况")
        blocks.extend(grid(part) for part in _parts(drawing.three, drawing.breaks))
        say("四、政府信息公开行政复议、行政诉讼情况")
        blocks.append(grid(drawing.four))
    blocks.extend(grid(table) for table in drawing.extra)
    say("五、存在的主要问题及改进情况")
    say("问题是队伍建设有待加强，改进措施是加强培训。")
    say("六、其他需要报告的事项")
    say("无。")
    return Document(title=title, blocks=tuple(blocks), text="", media_type="text/html", title_locator="p 1")


def _parts(rows: list[DrawnRow], breaks: set[int]) -> list[list[DrawnRow]]:
    parts: list[list[DrawnRow]] = []
    for at, row in enumerate(rows):
        if not parts or at in breaks:
            parts.append([])
        parts[-1].append(row)
    return [part for part in parts if part]
