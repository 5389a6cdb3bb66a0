"""Whatever a document holds, parse answers: never an exception, never a number that no cell shows."""

from __future__ import annotations

import json
import random

import pytest

from parser import parse, report_json
from parser.document import Block, Cell, Document, Grid, GridSource, Paragraph
from parser.values import read_value
from tests.parser.drawing import COLUMN_LABELS, OUTCOME_LABELS, ROWS_2019, ROWS_2021
from tests.parser.judging import cells_of

WORDS = [
    *(label for _, _, label in (*ROWS_2021, *ROWS_2019)),
    *COLUMN_LABELS,
    *OUTCOME_LABELS,
    *(
        "行政复议",
        "行政诉讼",
        "未经复议直接起诉",
        "复议后起诉",
        "结果",
        "维持",
        "法人或其他组织",
        "申请人情况",
    ),
    *(
        "三、本年度办理结果",
        "（三）不予公开",
        "（六）其他处理",
        "信息内容",
        "第二十条第（一）项",
        "规章",
        "行政许可",
    ),
    *(
        "行政规范性文件",
        "本年制发件数",
        "现行有效件数",
        "本年增/减",
        "处理决定数量",
        "政府集中采购",
        "采购总金额",
    ),
    *(
        "一、总体情况",
        "二、主动公开政府信息情况",
        "六、其他需要报告的事项",
        "示例镇人民政府",
        "2025年1月14日",
        "2024年将",
        "附件：",
    ),
]
NUMBERS = ["0", "0", "0", "1", "12", "999", "/", "", " ", "3 4", "12①", "13.02万元", "约5", "-1", "1.5", "×"]


def grid(rng: random.Random) -> Grid:
    rows, columns = rng.randint(0, 12), rng.randint(1, 16)
    cells = [
        Cell(
            row,
            column,
            text := rng.choice(WORDS if rng.random() < 0.3 else NUMBERS),
            text,
            f"{row},{column}",
            rng.choice((1, 1, 1, 2, 30)),
            rng.choice((1, 1, 1, 2, 30)),
        )
        for row in range(rows + rng.choice((0, 0, 1)))
        for column in range(columns)
        if rng.random() < 0.9
    ]
    return Grid(tuple(cells), rows, columns, rng.choice(list(GridSource)))


def paragraph(rng: random.Random) -> Paragraph:
    text = rng.choice(("", " ", "\n")).join(rng.choices((*WORDS, *NUMBERS), k=rng.randint(0, 12)))
    return Paragraph(text, text)


@pytest.mark.parametrize("part", range(4))
def test_random_documents(part: int) -> None:
    for case in range(100):
        rng = random.Random(f"{part} {case}")
        blocks: list[Block] = [
            grid(rng) if rng.random() < 0.5 else paragraph(rng) for _ in range(rng.randint(0, 9))
        ]
        title = rng.choice((None, "", "示例镇2024年政府信息公开工作年度报告", "通知"))
        report = parse(Document(title=title, blocks=tuple(blocks), text="", media_type="text/html"))
        json.dumps(report_json(report), allow_nan=False)
        for cell in cells_of(report).values():
            if cell.value is not None:
                assert cell.raw is not None
                assert read_value(cell.raw).number is not None
