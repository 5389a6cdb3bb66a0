# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Attachments that a page only names by a script, a viewer, a redirect or a page between: fetched, and told whose."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.catalogue import Catalogue, schema
from archive.register import load_register
from archive.warc.index import IndexEntry
from extract.rebuild import rebuild
from tests.crawler.crawling import Ran, full_crawl, list_page, portal_file
from tests.crawler.odd_server import Answer, odd_server
from tests.extract.rebuild_making import register_file
from tests.portals.tables import Block, Para
from tests.portals.word import docx

HOST = "http://demo.test"
FILE = "application/octet-stream"
HEADINGS = ("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项")  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def title(year: int) -> str:
    return f"某县示例甲镇{year}年政府信息公开工作年度报告"


def report(year: int) -> bytes:
    blocks: list[Block] = [Para(title(year))]
    for heading in HEADINGS:
        blocks += [Para(heading), Para(f"{year}年，我镇认真落实各项要求。" * 5)]
    return docx(blocks)


def moved(place: str) -> Answer:
    return Answer(302, headers=(("Location", place),))


# how the page names its file · the file · what the server answers on the way to it
WAYS: dict[str, tuple[str, str, dict[str, Answer]]] = {
    "redirect": ('<a href="/module/download/downfile.jsp?classid=0&amp;filename=9f">附件</a>', "/attach/0/9f.docx", {"/module/download/downfile.jsp?classid=0&filename=9f": moved("/attach/0/9f.docx")}),
    "redirect_by_script": ('<a href="/system/_content/download.jsp?wbfileid=7">附件</a>', "/f/7.docx", {"/system/_content/download.jsp?wbfileid=7": Answer(body="<html><script>window.location.href='/f/7.docx';</script></html>")}),
    "meta_refresh": ('<a href="/download.jsp?id=8">附件</a>', "/f/8", {"/download.jsp?id=8": Answer(body='<html><head><meta http-equiv="refresh" content="0;url=/f/8"></head></html>')}),
    "page_between": ('<a href="/download.do?id=9">附件</a>', "/f/9.docx", {"/download.do?id=9": Answer(body='<html><body><p>点击下载：</p><a href="/f/9.docx">年报.docx</a></body></html>')}),
    "variable": ('<script>var fileUrl = "\\/attach\\/10.docx"; $("#x").load(fileUrl);</script>', "/attach/10.docx", {}),
    "onclick": ("<a href=\"javascript:void(0)\" onclick=\"window.open('/attach/11.docx')\">下载</a>", "/attach/11.docx", {}),
    "viewer": ('<iframe src="/pdfjs/web/viewer.html?file=%2Fattach%2F12.docx"></iframe>', "/attach/12.docx", {}),
    "labelled_as_a_page": ('<a href="/attach/13.docx">附件</a>', "/attach/13.docx", {}),
    "picture": ('<div class="ewebeditor_doc"><img src="/logo.png"><p><img src="./W0202.png" width="900"></p></div>', "/nb/202501/W0202.png", {}),
}  # fmt: skip
YEARS = {kind: 2015 + at for at, kind in enumerate(WAYS)}
FILES = {place: kind for kind, (_, place, _) in WAYS.items()}


def page_of(kind: str) -> str:
    return f"/nb/202501/t202501{YEARS[kind] - 2000}_{YEARS[kind]}.html"


def site(path: str, _: int) -> Answer:
    if path == "/nb/":
        return Answer(body=list_page(*((page_of(kind), title(YEARS[kind])) for kind in WAYS)))
    for kind, (markup, place, ways) in WAYS.items():
        if path == page_of(kind):
            said = title(YEARS[kind])
            return Answer(
                body=f'<html><head><title>{said}</title></head><body><h1>{said}</h1><div class="TRS_Editor">{markup}</div></body></html>'
            )
        if path == place:
            html = kind == "labelled_as_a_page"
            body = PNG if kind == "picture" else report(YEARS[kind])
            return Answer(body=body, content_type="text/html" if html else FILE)
        if path in ways:
            return ways[path]
    return Answer(404, "nothing here")


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("attachments")
    portal_file(folder / "portals", "demo")
    with odd_server({"demo.test": site}) as server:
        ran = full_crawl(folder, server.port, "demo.test")
        asked = server.paths("demo.test")
    assert ran.code == 0, ran.err
    assert "/logo.png" not in asked, "pictures of the site's frame are left"
    assert len(asked) == len(set(asked)), "nothing is asked for twice"
    return ran


def captured(ran: Ran, url: str) -> IndexEntry:
    [entry] = [entry for entry in ran.captures("attachment") if entry.url == url]
    return entry


@pytest.mark.parametrize("kind", WAYS)
def test_the_file_is_fetched_and_told_to_belong_to_its_page(crawled: Ran, kind: str) -> None:
    entry = captured(crawled, HOST + WAYS[kind][1])
    capture = crawled.reader.capture(entry)
    assert capture.status == 200
    assert capture.context["via"] == HOST + page_of(kind)


def test_which_of_page_and_file_carries_the_report_is_told_by_content(crawled: Ran, tmp_path: Path) -> None:
    register = load_register([register_file(tmp_path)])
    with Catalogue(f"sqlite:///{tmp_path / 'catalogue.sqlite'}") as catalogue:
        rebuild(crawled.data / "warc", catalogue, register, everything=True, workers=1)
        documents = {row["url"]: row for row in catalogue.rows(schema.document)}
        reports = {row["report_year"]: row for row in catalogue.rows(schema.report)}
    assert sorted(reports) == sorted(YEARS.values())
    for kind, (_, place, _) in WAYS.items():
        report, page = reports[YEARS[kind]], documents[HOST + page_of(kind)]
        file = documents[HOST + place]
        assert (report["url"], file["page"]) == (page["url"], page["document"]), kind
        if kind == "picture":  # nothing can be read in it: the page's title stands alone
            assert (report["document"], report["kind"]) == (page["document"], "candidate"), kind
        else:
            assert (report["document"], report["kind"]) == (file["document"], "report"), kind
