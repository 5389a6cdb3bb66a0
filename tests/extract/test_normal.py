"""The normal form: simplified, without glosses, and nothing else changed."""

from __future__ import annotations

from extract.normal import Normaliser

GLOSSED = (
    "本報(bào)告依據(jù)條例要求，結(jié)合工作編制，主動(dòng)公開(kāi)信息，推進(jìn)（jìn）規(guī)范。"
)


def test_glosses_go_and_brackets_stay() -> None:
    normaliser = Normaliser(GLOSSED * 3)
    assert (normaliser.glossed, normaliser.script) == (True, "zh-Hant")
    assert normaliser.plain("本報(bào)告") == "本报告"
    for text in (
        "解读(PPT)",
        "实行(AB岗)",
        "(一)公开",
        "第(3)项",
        "平台(app)",
        "安徽省(Anhui)",
        "（2024年）",
    ):
        assert normaliser.plain(text) == text
    assert normaliser.plain("皖I(lǐng)CP備") == "皖ICP备"
    assert normaliser.plain("我們(men)結(jié)合") == "我们结合"


def test_glosses_are_judged_over_the_whole_document() -> None:
    once = Normaliser("某地(bà)名的读音，其余文字没有注音，政府信息公开工作年度报告。")
    assert not once.glossed
    assert once.plain("某地(bà)名") == "某地(bà)名"


def test_simplified_text_is_not_converted() -> None:
    normaliser = Normaliser("陕西省乾县人民政府公开信息，范围包括后勤、里程，著名景点於潜镇。" * 3)
    assert normaliser.script == "zh-Hans"
    assert normaliser.plain("乾县於潜镇著") == "乾县於潜镇著"


def test_traditional_text_without_glosses() -> None:
    normaliser = Normaliser("政府信息公開工作年度報告，主動公開情況，機關幹部積極參與。" * 2)
    assert normaliser.script == "zh-Hant"
    assert normaliser.plain("行政復議、行政訴訟情況") == "行政复议、行政诉讼情况"


def test_lookalikes_wide_digits_and_invisible_characters() -> None:
    normaliser = Normaliser("普通文字")
    assert normaliser.plain("⼀、总体情况２０２４年ＡＢ") == "一、总体情况2024年AB"
    assert normaliser.plain("⻓江⺠生") == "长江民生"
    assert normaliser.plain("索\u200b引\ufeff号\u00a0：\u3000值") == "索引号 ： 值"
    assert normaliser.plain("（一）“公开”，①②③：50％") == "（一）“公开”，①②③：50％"
