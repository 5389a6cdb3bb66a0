# ruff: noqa: E501 - markup stands on one line, as pages have it
"""Files that a page names in its links, frames, viewers and scripts: the crawler and the Document see the same."""

from __future__ import annotations

import pytest

from archive.file_links import files_in_script, leads_to_file, names_file
from crawler.platforms.rows import file_links, parse_html, read_rows
from tests.extract.pages import read_html

PAGE = "http://www.example.gov.cn/zwgk/202501/t20250120_1.html"
HERE = "http://www.example.gov.cn/zwgk/202501/"
ROOT = "http://www.example.gov.cn"

ONE = {
    # links
    "suffix": ('<a href="./a.docx">年报</a>', HERE + "a.docx"),
    "suffix_in_query": ('<a href="/o/get?classid=0&amp;filename=9f.pdf">年报</a>', ROOT + "/o/get?classid=0&filename=9f.pdf"),
    "hanweb": ('<a href="/module/download/downfile.jsp?classid=0&amp;filename=9f">年报</a>', ROOT + "/module/download/downfile.jsp?classid=0&filename=9f"),
    "vsb": ('<a href="/system/_content/download.jsp?urltype=news.DownloadAttachUrl&amp;owner=1&amp;wbfileid=7">年报</a>', ROOT + "/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=7"),
    "lonsun": ('<a href="/group6/M00/0A/7D/rBYC">年报</a>', ROOT + "/group6/M00/0A/7D/rBYC"),
    "words_name_it": ('<a href="/f/77">2024年年报.pdf（1.2MB）</a>', ROOT + "/f/77"),
    "title_names_it": ('<a href="/f/77" title="2024年年报.wps">点击下载</a>', ROOT + "/f/77"),
    "download_attribute": ('<a href="/f/77" download="2024年年报">点击下载</a>', ROOT + "/f/77"),
    "trs_mark": ('<a href="/f/78" appendix="true" OLDSRC="/protect/P0/P02.pdf">附件</a>', ROOT + "/f/78"),
    "upper_case": ('<a href="A.PDF">年报</a>', HERE + "A.PDF"),
    "base": ('<base href="/files/"><a href="a.ofd">年报</a>', ROOT + "/files/a.ofd"),
    # frames and viewers
    "iframe": ('<iframe src="/pdf/a.pdf#toolbar=0"></iframe>', ROOT + "/pdf/a.pdf"),
    "embed": ('<embed src="a.pdf" type="application/pdf">', HERE + "a.pdf"),
    "object": ('<object data="/a.pdf" type="application/pdf"></object>', ROOT + "/a.pdf"),
    "param": ('<object><param name="src" value="/a.pdf"></object>', ROOT + "/a.pdf"),
    "pdf_js": ('<iframe src="/pdfjs/web/viewer.html?file=%2Fattach%2Fa.pdf&amp;v=2"></iframe>', ROOT + "/attach/a.pdf"),
    "pdf_js_fragment": ('<iframe src="/pdfjs/web/viewer.html#file=/attach/a.pdf"></iframe>', ROOT + "/attach/a.pdf"),
    "viewer_link": ('<a href="/plugins/view.htm?url=http://www.example.gov.cn/attach/a.doc">在线阅读</a>', ROOT + "/attach/a.doc"),
    "viewer_base64": ('<iframe src="/onlinePreview?url=aHR0cDovL3d3dy5leGFtcGxlLmdvdi5jbi9hL2IucGRm"></iframe>', ROOT + "/a/b.pdf"),
    # what opens by a click
    "javascript": ("<a href=\"javascript:openFile('/attach/a.pdf')\">年报</a>", ROOT + "/attach/a.pdf"),
    "onclick": ("<a href=\"#\" onclick=\"window.open('/attach/a.pdf','_blank')\">年报</a>", ROOT + "/attach/a.pdf"),
    "onclick_button": ("<button onclick=\"location.href='/module/download/downfile.jsp?filename=9f'\">下载</button>", ROOT + "/module/download/downfile.jsp?filename=9f"),
    "onclick_with_its_name": ("<span onclick=\"down('/attach/77.doc', '2024年年报.doc')\">下载</span>", ROOT + "/attach/77.doc"),
    "data_attribute": ('<div class="pdf" data-url="/attach/a.pdf"></div>', ROOT + "/attach/a.pdf"),
    # scripts
    "variable": ('<script>var fileUrl = "/attach/a.pdf"; show(fileUrl);</script>', ROOT + "/attach/a.pdf"),
    "escaped": (r'<script>var o = {"name":"年报.pdf","url":"http:\/\/www.example.gov.cn\/attach\/a.pdf"};</script>', ROOT + "/attach/a.pdf"),
    "unicode": (r"<script>pdfPath='\u002fattach\u002fa.pdf'</script>", ROOT + "/attach/a.pdf"),
    "put_together": ('<script>var dir = "/attach/"; var name = "a.pdf"; window.open(dir + name);</script>', ROOT + "/attach/a.pdf"),
    "behind_the_sites_root": ('<script>$("#f").attr("src", webRoot + "/attach/a.pdf")</script>', ROOT + "/attach/a.pdf"),
    "viewer_in_script": ('<script>$("#f").attr("src", "/pdfjs/web/viewer.html?file=" + "/attach/a.pdf")</script>', ROOT + "/attach/a.pdf"),
    "markup_in_script": ("""<script>var att = '<a href="./P02.xlsx" OLDSRC="/protect/P0/P02.xlsx">附件2</a>';</script>""", HERE + "P02.xlsx"),
    "embed_in_script": ('<script>PDFObject.embed("a.pdf", "#box");</script>', HERE + "a.pdf"),
}  # fmt: skip

NONE = {
    "page": '<a href="/nb/index.html">年报</a>',
    "page_marked_as_download": '<a href="/nb/1.html" download="x">年报</a>',
    "mail": '<a href="mailto:a@example.gov.cn?subject=a.pdf">信</a>',
    "old_source": '<a href="#" OLDSRC="/protect/P0/P02.pdf">旧</a>',
    "comment": '<!--<a href="/old.pdf">旧</a>-->',
    "ending_alone": '<script>if (name.indexOf(".pdf") > 0 && accept == ".doc") { }</script>',
    "name_alone": '<script>var fileName = "2024年年报.pdf"; var title = "a.pdf";</script>',
    "template": '<script>var t = "/attach/{{id}}.pdf"; var u = `/a/${x}.pdf`;</script>',
    "library": '<script src="/js/pdf.js"></script><script>load("/js/pdf.js")</script>',
    "viewer_of_nothing": '<iframe src="/pdfjs/web/viewer.html?file="></iframe>',
    "picture": '<img src="a.png"><a href="b.jpg">图</a>',
}  # fmt: skip


def crawled(markup: str) -> list[str]:
    return [url for url, _ in file_links(parse_html(markup), PAGE, lambda _: False)]


def listed(markup: str) -> list[str]:
    document = read_html(f"<div id=zoom><p>{'正文' * 100}</p></div>{markup}", url=PAGE)
    return [attachment.url.partition("#")[0] for attachment in document.attachments]


@pytest.mark.parametrize("kind", ONE)
def test_a_file_is_found(kind: str) -> None:
    markup, address = ONE[kind]
    assert crawled(markup) == [address]
    assert listed(markup) == [address]


@pytest.mark.parametrize("kind", NONE)
def test_nothing_else_is_taken_for_a_file(kind: str) -> None:
    assert crawled(NONE[kind]) == []
    assert listed(NONE[kind]) == []


@pytest.mark.parametrize(
    "link",
    [
        'href="/f/a.pdf"',
        """href="javascript:view('/f/a.pdf')\"""",
        """href="#" onclick="window.open('/f/a.pdf')\"""",
    ],
)
def test_a_row_of_a_list_that_opens_a_file_is_a_document(link: str) -> None:
    markup = f"<ul><li><a {link}>示例镇2024年政府信息公开工作年度报告</a><span>2025-01-20</span></li></ul>"
    [row] = read_rows(parse_html(markup), PAGE, lambda _: False)
    assert (row.url, row.date) == (ROOT + "/f/a.pdf", "2025-01-20")


def test_scripts_are_read_in_bounded_time() -> None:
    for piece in ("'", "a+", "'a'+", "x='", "\\", "a.b.", '"/a.pdf"+', "`", "=:"):
        files_in_script("'/a.pdf';" + piece * (100_000 // len(piece)))
    assert files_in_script("'/a.pdf';" + " " * 500_000) == []


def test_words_that_name_a_file() -> None:
    assert names_file("附件：示例镇2024年年报.docx")
    assert not names_file("示例镇2024年年报")
    assert leads_to_file("x/年报.pdf?v=1")
    assert not leads_to_file("javascript:open('a.pdf')")
