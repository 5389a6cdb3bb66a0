"""The presence axis: is there a report, and if not, what does its absence prove? (practice.md §1.4, §1.7)

'Missing' is said only where every home of the publisher was walked to its end after the due day, twice, on
days at least two working days apart, and nothing else could explain the gap. Anything less is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from archive.audit.deadlines import Basis, Deadline
from archive.audit.evidence import Absence, Case, Probe
from archive.audit.statuses import NotCrawled, Presence
from archive.audit.verdict import Evidence, Reason, Standing
from archive.audit.workdays import day_in_china, workdays_between
from archive.register.model import ExpectedBasis, Publisher, PublisherKind

_WORKDAYS_APART = 2
_FAILURES = {
    "declined": NotCrawled.DECLINED,
    "unreachable": NotCrawled.UNREACHABLE,
    "layout_changed": NotCrawled.LAYOUT_CHANGED,
    "blocked": NotCrawled.BLOCKED,
}


def expected_basis(publisher: Publisher, case: Case) -> ExpectedBasis:
    """The strongest reason to expect a report: a template becomes more once the body has published before."""
    if publisher.expected_basis is not ExpectedBasis.TEMPLATE:
        return publisher.expected_basis
    if case.held_before:
        return ExpectedBasis.PUBLISHED_BEFORE
    if any(probe.own for probe in case.probes):
        return ExpectedBasis.OWN_COLUMN
    return ExpectedBasis.TEMPLATE


def not_expected(
    publisher: Publisher, report_year: int, deadline: Deadline | None, case: Case
) -> Reason | None:
    """Why no report is expected of the body, None where one is."""
    if not publisher.valid_in(report_year):
        return Reason(
            f"名录中该单位不适用于{report_year}年度", f"the register has no such body for {report_year}"
        )
    if not publisher.expected:
        note = publisher.expected_note or "未列入名单 not in the list"
        return Reason(note, note)
    if deadline is None:
        return Reason("公共企事业单位，条例第五十五条", "a public institution: article 55, no duty")
    if case.report is None and expected_basis(publisher, case) is ExpectedBasis.TEMPLATE:
        return Reason(
            "仅见于模板，上年未公开，也无自己的栏目", "only a template names it; nothing published before"
        )
    return None


def judge_absence(publisher: Publisher, deadline: Deadline, case: Case, as_of: date) -> Standing:
    """No report counts on `as_of`: why, and how sure. Pure."""
    if as_of <= deadline.closes:
        words = Reason(f"期限{deadline.due}未过", f"due {deadline.due}, not yet past")
        return Standing(Presence.NOT_YET_DUE, None, (words,))
    homes = _by_home(case.probes)
    looks = {home: [p for p in probes if _after(p, deadline)] for home, probes in homes.items()}
    unproved = _unproved(homes, looks)
    if unproved is not None:
        return unproved
    if case.absence.suspect_columns:
        return _suspect(case.absence)
    if publisher.kind is PublisherKind.VERTICAL_BODY:
        words = Reason(
            "垂直管理单位，其系统网站未核查", "a vertical body; its own system's site is unchecked"
        )
        return Standing(Presence.NOT_CRAWLED, NotCrawled.NEVER_VISITED, (words,))
    evidence = _shown(probe for probes in looks.values() for probe in probes if probe.healthy)
    return _doubtful(case.absence, evidence) or _missing(looks, deadline, evidence)


def _by_home(probes: Iterable[Probe]) -> dict[str, list[Probe]]:
    homes: dict[str, list[Probe]] = {}
    for probe in sorted(probes, key=lambda p: (p.home, p.ended, p.record_id)):
        homes.setdefault(probe.home, []).append(probe)
    return homes


def _after(probe: Probe, deadline: Deadline) -> bool:
    return day_in_china(probe.started) > deadline.closes


def _unproved(homes: dict[str, list[Probe]], looks: dict[str, list[Probe]]) -> Standing | None:
    """Some home was never walked to its end after the due day: nothing can be said."""
    if not homes:
        words = Reason("没有可核查的栏目，或从未采集", "no column of it is known, or none was ever walked")
        return Standing(Presence.NOT_CRAWLED, NotCrawled.NEVER_VISITED, (words,))
    for home, probes in looks.items():
        if any(probe.healthy for probe in probes):
            continue
        last = (probes or homes[home])[-1]
        if last.result == "healthy":  # before the due day, or a routine walk that stops at what is known
            words = Reason(
                f"栏目{home}到期后尚未完整核查", f"column {home} was not walked whole after the due day"
            )
            return Standing(Presence.NOT_CRAWLED, NotCrawled.NEVER_VISITED, (words,))
        why, day = last.reason or last.result, day_in_china(last.started)
        words = Reason(
            f"栏目{home} {day}未能走完：{why}", f"column {home} was not walked to its end on {day}: {why}"
        )
        failed = Evidence(last.record_id, last.column_url, last.ended, "failed_walk")
        return Standing(
            Presence.NOT_CRAWLED, _FAILURES.get(last.result, NotCrawled.UNREACHABLE), (words,), (failed,)
        )
    return None


def _suspect(absence: Absence) -> Standing:
    homes = "、".join(absence.suspect_columns)
    words = Reason(
        f"栏目{homes}中多个单位的报告一起不见，疑似栏目调整，不作未检索到",
        f"in column {homes} many reports vanished together: it may have moved, nobody is called missing",
    )
    return Standing(Presence.COLUMN_SUSPECT, None, (words,))


def _doubtful(absence: Absence, evidence: tuple[Evidence, ...]) -> Standing | None:
    """What could be the report after all: then nobody is called missing."""
    if absence.unfetched:
        titles = "、".join(absence.unfetched)
        words = Reason(f"列表中有、尚未取得正文：{titles}", f"listed, but its page was not had: {titles}")
        return Standing(Presence.NOT_CRAWLED, NotCrawled.UNREACHABLE, (words,), evidence)
    if absence.wrong_year:
        titles = "、".join(absence.wrong_year)
        words = Reason(
            f"有以该年度为题而按正文计入其他年度的文件：{titles}",
            f"titled with the year, counted for another by its body: {titles}",
        )
        return Standing(Presence.MISSING_UNCONFIRMED, None, (words,), evidence)
    if absence.unattributed:
        titles = "、".join(absence.unattributed)
        words = Reason(
            f"有归属不明的该年度报告：{titles}", f"a report of that year has no clear publisher: {titles}"
        )
        return Standing(Presence.MISSING_UNCONFIRMED, None, (words,), evidence)
    return None


def _missing(looks: dict[str, list[Probe]], deadline: Deadline, evidence: tuple[Evidence, ...]) -> Standing:
    once = [home for home, probes in looks.items() if not _two_looks(probes)]
    days = "、".join(sorted({day_in_china(item.moment).isoformat() for item in evidence}))
    where = "、".join(looks)
    if once:
        words = Reason(
            f"{days}核查{where}，未见，尚缺相隔两个工作日以上的再次核查",
            f"not in {where} on {days}; a second look at least two working days apart is lacking",
        )
        return Standing(Presence.MISSING_UNCONFIRMED, None, (words,), evidence)
    basis = deadline.article if deadline.basis is Basis.STATUTE else deadline.note_zh
    words = Reason(
        f"期限{deadline.due}（{basis}）后于{days}核查{where}，均未检索到",
        f"due {deadline.due}; not in {where}, walked to the end on {days}",
    )
    return Standing(Presence.MISSING, None, (words,), evidence)


def _two_looks(probes: Sequence[Probe]) -> bool:
    days = [day_in_china(probe.started) for probe in probes if probe.healthy]
    return workdays_between(min(days), max(days)) >= _WORKDAYS_APART


def _shown(probes: Iterable[Probe]) -> tuple[Evidence, ...]:
    return tuple(Evidence(p.record_id, p.column_url, p.ended, "column_without_it") for p in probes)
