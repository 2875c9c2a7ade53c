"""The end of a run: one JSON document, and the same for people in English or Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from deploy.sandbox.figures import Figures
from deploy.sandbox.placing import Rejected
from deploy.sandbox.proof import Proof

Lang = Literal["en", "zh"]

REJECTED_LINES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that is told at the end. `invariants`: name -> what is wrong, empty where it holds."""

    placed: int
    accepted: int
    rejected: Sequence[Rejected]
    figures: Figures
    playbooks: Mapping[str, int]
    refused_acts: Mapping[str, int]
    restarts: Mapping[str, int]
    invariants: Mapping[str, str]
    addresses: Mapping[str, str]
    proof: Proof
    simulated_days: int
    seconds: float
    seed: int

    @property
    def holds(self) -> bool:
        return not any(self.invariants.values())

    @property
    def rejected_reasons(self) -> dict[str, int]:
        return _sorted(Counter(code for each in self.rejected for code in each.codes))


def as_document(outcome: Outcome) -> dict[str, Any]:
    """The keys that scripts may rely on come first, in their documented order."""
    figures = outcome.figures
    return {
        "placed": outcome.placed,
        "accepted": outcome.accepted,
        "rejected": len(outcome.rejected),
        "contacts": {channel: _sorted(figures.contacts[channel]) for channel in sorted(figures.contacts)},
        "denials": _sorted(figures.denials),
        "plans_agreed": figures.events["plan.agreed"],
        "plans_completed": figures.events["plan.completed"],
        "defaults_detected": figures.events["default.detected"],
        "complaints": figures.events["complaint.opened"],
        "collected": _sorted(figures.collected),
        "events": _sorted(figures.events),
        "invariants": {name: not fault for name, fault in outcome.invariants.items()},
        "addresses": dict(outcome.addresses),
        "simulated_days": outcome.simulated_days,
        "seconds": round(outcome.seconds, 1),
        "rejected_reasons": outcome.rejected_reasons,
        "rejected_lines": [
            {"line": each.line, "codes": list(each.codes), "pointers": list(each.pointers)} for each in outcome.rejected
        ],
        "invariant_faults": {name: fault for name, fault in outcome.invariants.items() if fault},
        "plans_kept": figures.plans_kept,
        "plans_broken": figures.plans_broken,
        "playbooks": _sorted(outcome.playbooks),
        "replies": _sorted(figures.replies),
        "counter_offers": _sorted(figures.counters),
        "holds": _sorted(figures.holds),
        "closed": _sorted(figures.closed),
        "refused_acts": _sorted(outcome.refused_acts),
        "restarts": _sorted(outcome.restarts),
        "seed": outcome.seed,
        "decisions_rerun": outcome.proof.decisions,
        "decisions_differing": outcome.proof.differing,
        "denials_by_rule": _sorted(outcome.proof.denials_by_rule),
        "relief": _sorted(figures.relief),
        "collected_by": {who: _sorted(figures.collected_by[who]) for who in sorted(figures.collected_by)},
        "remitted": _sorted(figures.remitted),
        "commission": _sorted(figures.commission),
        "plans_by_form": _sorted(figures.plans_by_form),
        "plans_withdrawn": figures.events["plan.withdrawn"],
    }


WORDS: Mapping[Lang, Mapping[str, str]] = {
    "en": {
        "title": "{days} simulated days in {seconds} s (seed {seed})",
        "cases": "Placed {placed}, accepted {accepted}, rejected {rejected}",
        "line": "line {line}",
        "more": "... and {n} more, all in the summary file",
        "contacts": "Contacts",
        "denials": "Denied by rule, told",
        "rerun": "Decisions re-run {rerun}, {differing} differ; denied by rule",
        "replies": "Replies",
        "plans": "Plans agreed {agreed}, kept so far {kept}, broken {broken}, completed {completed}",
        "playbooks": "Default playbooks",
        "forms": "Plans by form",
        "relief": "Relief",
        "collected": "Collected",
        "by_agency": "of it by the agency",
        "by_creditor": "of it by the lenders",
        "remitted": "Paid over to lenders",
        "commission": "Commission earned",
        "complaints": "Complaints",
        "closed": "Cases closed",
        "restarts": "Processes started again",
        "events": "Events by topic",
        "invariants": "Checked",
        "yes": "holds",
        "no": "BROKEN",
        "addresses": "Open",
        "none": "none",
    },
    "zh": {
        "title": "模拟 {days} 天,用时 {seconds} 秒(种子 {seed})",
        "cases": "委案 {placed} 件,受理 {accepted} 件,退回 {rejected} 件",
        "line": "第 {line} 行",
        "more": "……另有 {n} 条,全部见摘要文件",
        "contacts": "联系",
        "denials": "按规则拒绝联系(已公布)",
        "rerun": "重算决定 {rerun} 项,{differing} 项不符;按规则拒绝",
        "replies": "回复",
        "plans": "达成方案 {agreed},至今守约 {kept},违约 {broken},履行完毕 {completed}",
        "playbooks": "违约处置",
        "forms": "各形式方案",
        "relief": "困难帮扶",
        "collected": "回款",
        "by_agency": "其中由本机构代收",
        "by_creditor": "其中由债权人直接收取",
        "remitted": "已结付债权人",
        "commission": "应得佣金",
        "complaints": "投诉",
        "closed": "结案",
        "restarts": "重启过的进程",
        "events": "各主题事件数",
        "invariants": "核对",
        "yes": "成立",
        "no": "不成立",
        "addresses": "可打开",
        "none": "无",
    },
}


def as_text(outcome: Outcome, lang: Lang) -> str:
    """For a person at a terminal: plain lines."""
    words, figures = WORDS[lang], outcome.figures
    plans = words["plans"].format(
        agreed=figures.events["plan.agreed"],
        kept=figures.plans_kept,
        broken=figures.plans_broken,
        completed=figures.events["plan.completed"],
    )
    title = words["title"].format(days=outcome.simulated_days, seconds=round(outcome.seconds), seed=outcome.seed)
    contacts = {
        f"{channel} {result}": n for channel, by in sorted(figures.contacts.items()) for result, n in by.most_common()
    }
    return "\n".join(
        [
            title,
            *_rejections(outcome, words),
            _row(words["contacts"], contacts, words),
            _row(words["denials"], _sorted(figures.denials), words),
            _row(
                words["rerun"].format(rerun=outcome.proof.decisions, differing=outcome.proof.differing),
                _sorted(outcome.proof.denials_by_rule),
                words,
            ),
            _row(words["replies"], _sorted(figures.replies), words),
            plans,
            _row(words["forms"], _sorted(figures.plans_by_form), words),
            _row(words["playbooks"], outcome.playbooks, words),
            _row(words["relief"], _sorted(figures.relief), words),
            _row(words["collected"], _money(figures.collected), words),
            *(
                _row(f"  {words[f'by_{who}']}", _money(figures.collected_by[who]), words)
                for who in ("agency", "creditor")
            ),
            _row(words["remitted"], _money(figures.remitted), words),
            _row(words["commission"], _money(figures.commission), words),
            _row(words["complaints"], {"": figures.events["complaint.opened"]}, words),
            _row(words["closed"], _sorted(figures.closed), words),
            *([_row(words["restarts"], outcome.restarts, words)] if outcome.restarts else []),
            _row(words["events"], _sorted(figures.events), words),
            *_checks(outcome, words),
            words["addresses"],
            *(f"  {name:<16} {address}" for name, address in outcome.addresses.items()),
        ]
    )


def _rejections(outcome: Outcome, words: Mapping[str, str]) -> Iterable[str]:
    yield words["cases"].format(placed=outcome.placed, accepted=outcome.accepted, rejected=len(outcome.rejected))
    for each in outcome.rejected[:REJECTED_LINES_SHOWN]:
        yield f"  {words['line'].format(line=each.line)}: {', '.join(each.codes)}"
    if len(outcome.rejected) > REJECTED_LINES_SHOWN:
        yield f"  {words['more'].format(n=len(outcome.rejected) - REJECTED_LINES_SHOWN)}"


def _checks(outcome: Outcome, words: Mapping[str, str]) -> Iterable[str]:
    yield words["invariants"]
    for name, fault in outcome.invariants.items():
        yield f"  {name:<44} {words['no'] + ': ' + fault if fault else words['yes']}"


def _row(name: str, values: Mapping[str, Any], words: Mapping[str, str]) -> str:
    told = ", ".join(f"{what} {n}".strip() for what, n in values.items()) or words["none"]
    return f"{name}: {told}"


def _money(minor_units: Mapping[str, int]) -> dict[str, str]:
    return {currency: f"{minor_units[currency] / 100:,.2f}" for currency in sorted(minor_units)}


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}
