"""`scrapy report FILE` as a person calls it: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "tests" / "seeds"


def report(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "scrapy", "report", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120, check=False)


def test_json_holds_document_and_report() -> None:
    done = report(
        SEEDS / "001_7841e5a45d261ac2.txt", "--url", "http://www.example.gov.cn/art/2024/1/26/art_1_2.html"
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert "诸暨市暨阳街道办事处".encode() in done.stdout
    whole = json.loads(done.stdout)
    assert set(whole) == {"document", "report"}
    document = whole["document"]
    assert document["index_number"]["raw"] == whole["report"]["index_number"] == "001008006002065/2024-154563"
    assert {block["type"] for block in document["blocks"]} == {"paragraph", "grid"}
    assert ("url_day", "2024-01-26") in {(claim["source"], claim["lo"]) for claim in document["dates"]}
    assert document["extractor_version"]


def test_plain_chinese() -> None:
    done = report(SEEDS / "004_3939e620a62260ff.txt", "--format", "text-zh")
    assert done.returncode == 0
    text = done.stdout.decode()
    for word in (
        "标题",
        "报告年度",
        "2024",
        "行政许可",
        "6429",
        "一、本年新收政府信息公开申请数量",
        "勾稽关系",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("name", "content", "code", "words"),
    [
        ("none.txt", None, 4, "无法读取"),
        ("empty.html", b"", 4, "空"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog", 4, "cut.pdf"),
        ("scan.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, 4, "图片"),
        ("news.html", "<html><body><p>今日召开会议。</p></body></html>".encode(), 5, "未见"),
    ],
)
def test_refusals(tmp_path: Path, name: str, content: bytes | None, code: int, words: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    done = report(path)
    assert done.returncode == code
    (line,) = done.stderr.decode().splitlines()
    assert name in line
    assert words in line
    assert bool(done.stdout) == (code == 5)
    if code == 5:
        assert json.loads(done.stdout)["document"]["blocks"]
