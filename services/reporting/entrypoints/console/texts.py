"""What the pages say, in English and Chinese. A key without a text is an error, found by rendering every page."""

from __future__ import annotations

from services.reporting.entrypoints.wording import LANGUAGES, Language

_TEXTS: dict[str, tuple[str, str]] = {
    "brand": ("Concord", "Concord"),
    "console": ("Staff console", "员工控制台"),
    "skip": ("Skip to the content", "跳到正文"),
    "navigation": ("Main", "主导航"),
    "nav.portfolio": ("Portfolio", "资产组合"),
    "nav.events": ("Event flow", "事件流"),
    "nav.api": ("API", "接口文档"),
    "other_language": ("中文", "English"),
    "other_language.label": ("以中文显示", "Show in English"),
    "sign_out": ("Sign out", "退出登录"),
    "footer": (
        "Times are UTC. These pages hold identifiers only; personal data stay in the vault.",
        "时间均为 UTC。页面仅含编号，个人信息只保存在保险库中。",
    ),
    "as_of": ("Business time {at} UTC", "业务时间 {at}（UTC）"),
    # sign-in
    "sign_in.title": ("Sign in", "登录"),
    "sign_in.lead": (
        "For the agency's staff. Every page shows identifiers, never personal data.",
        "仅供机构员工使用。所有页面只显示编号，不显示个人信息。",
    ),
    "sign_in.token": ("Staff token", "员工令牌"),
    "sign_in.submit": ("Sign in", "登录"),
    "sign_in.wrong": ("This token is not valid. Check it and try again.", "令牌无效，请核对后重试。"),
    "sign_in.limited": (
        "Too many wrong attempts. Try again in {minutes} minutes.",
        "尝试次数过多，请在 {minutes} 分钟后重试。",
    ),
    # portfolio
    "portfolio.title": ("Portfolio", "资产组合"),
    "portfolio.empty": (
        "Nothing has been placed yet. Figures appear here seconds after a lender's first accepted record.",
        "尚无委案。债权人的第一条记录被接收数秒后，数据即会出现在这里。",
    ),
    "lender": ("Lender", "债权人"),
    "lender.all": ("All lenders", "全部债权人"),
    "show": ("Show", "显示"),
    "figure.placed": ("Placed", "委案金额"),
    "figure.balance": ("Being worked", "在案余额"),
    "figure.collected": ("Collected", "已回款"),
    "figure.waived": ("Waived", "已减免"),
    "figure.rate": ("{rate} of what was placed", "占委案金额 {rate}"),
    "figure.cases": ("{open} open of {cases} cases", "共 {cases} 案，在案 {open} 案"),
    "figure.attention": (
        "{holds} on hold, {complaints} complaints and {disputes} disputes open",
        "暂停联系 {holds} 案，未结投诉 {complaints} 件，未结异议 {disputes} 件",
    ),
    "totals": ("Totals in {currency}", "{currency} 合计"),
    "funnel.title": ("From record to kept plan", "从委案到履约"),
    "funnel.lead": (
        "Cases that ever reached a stage. Beside the way: {rejected} records refused, {defaulted} cases with a "
        "broken plan.",
        "曾到达各环节的案件数。另有 {rejected} 条记录被拒收，{defaulted} 案曾违约。",
    ),
    "stage.placed": ("Records placed", "委案记录"),
    "stage.accepted": ("Accepted", "已接收"),
    "stage.assessed": ("Assessed", "已评估"),
    "stage.contacted": ("Contacted", "已联系"),
    "stage.replied": ("Borrower replied", "借款人回复"),
    "stage.proposed": ("Offer made", "已提方案"),
    "stage.agreed": ("Plan agreed", "达成方案"),
    "stage.completed": ("Plan kept", "方案履行完毕"),
    "liquidation.title": ("Collected since placement", "委案后累计回收率"),
    "liquidation.lead": (
        "Collected so far as a share of what was placed, by calendar months since placement.",
        "累计回款占委案金额的比例，按委案后的自然月计算。",
    ),
    "liquidation.month": ("Month {n}", "第 {n} 月"),
    "batches.title": ("Placement batches", "委案批次"),
    "batches.lead": ("The {count} newest.", "最近 {count} 批。"),
    "batch": ("Batch", "批次"),
    "batch.records": ("Accepted / refused", "接收 / 拒收"),
    "batch.currency": ("Currency", "币种"),
    "batch.rate": ("Rate", "回收率"),
    "tallies.contacts": ("Contacts by channel and outcome", "触达（按渠道与结果）"),
    "tallies.denials": ("Contacts not permitted, by rule", "未获准的触达（按规则）"),
    "tallies.replies": ("What borrowers answered", "借款人回复意图"),
    "tallies.rejections": ("Why records were refused", "记录拒收原因"),
    "tallies.none": ("None so far.", "暂无。"),
    "cases.title": ("Cases", "案件"),
    "cases.none": ("No case matches these filters.", "没有符合筛选条件的案件。"),
    "cases.page": ("{count} cases on this page", "本页 {count} 案"),
    "cases.next": ("Older cases", "更早的案件"),
    "cases.first": ("Back to the newest", "返回最新"),
    "filter.case_id": ("Case id", "案件编号"),
    "filter.case_id.wrong": ("A case id is a UUID.", "案件编号应为 UUID。"),
    "filter.status": ("Status", "状态"),
    "filter.currency": ("Currency", "币种"),
    "filter.grade": ("Grade", "等级"),
    "filter.hold": ("On hold only", "仅暂停联系"),
    "filter.any": ("Any", "不限"),
    "filter.apply": ("Filter", "筛选"),
    "filter.clear": ("Clear", "清除"),
    "column.case": ("Case", "案件"),
    "column.status": ("Status", "状态"),
    "column.grade": ("Grade", "等级"),
    "column.strategy": ("Strategy", "策略"),
    "column.overdue": ("Overdue", "逾期天数"),
    "column.placed": ("Placed", "委案金额"),
    "column.balance": ("Balance", "余额"),
    "column.collected": ("Collected", "已回款"),
    "column.contacts": ("Contacts", "触达"),
    "column.denials": ("Denied", "未获准"),
    "column.plan": ("Plan", "方案"),
    "column.holds": ("Holds", "暂停联系"),
    "column.last": ("Last event", "最近事件"),
    # one case
    "case.title": ("Case {short}", "案件 {short}"),
    "case.back": ("Portfolio", "资产组合"),
    "case.id": ("Case id", "案件编号"),
    "case.lender": ("Lender", "债权人"),
    "case.batch": ("Placement batch", "委案批次"),
    "case.product": ("Product", "产品"),
    "case.placed_on": ("Placed on", "委案日期"),
    "case.overdue": ("Days past due at placement", "委案时逾期天数"),
    "case.provenance": ("Origin of the record", "记录来源"),
    "case.provenance.generated": ("generated for the sandbox", "沙盒生成"),
    "case.provenance.lender": ("the lender's record", "债权人记录"),
    "case.scores": ("Ability / willingness", "还款能力 / 意愿"),
    "case.strategy": ("Strategy", "策略"),
    "case.cause": ("Cause of arrears", "逾期原因"),
    "case.plan": ("Plan", "方案"),
    "case.trace": ("Trace", "追踪"),
    "case.trace.open": ("Open the trace of this case", "查看本案追踪"),
    "case.owed": ("Owed now", "当前欠款"),
    "case.fees": ("Fees", "费用"),
    "case.interest": ("Interest", "利息"),
    "case.principal": ("Principal", "本金"),
    "case.refused": (
        "This record was refused when it was placed: there is no case.",
        "该记录在委案时被拒收，未形成案件。",
    ),
    "case.balance_chart": ("Balance over time", "余额变化"),
    "case.balance_chart.label": (
        "Balance over time: {first} on {from_day}, {last} on {to_day}",
        "余额变化：{from_day} 为 {first}，{to_day} 为 {last}",
    ),
    "timeline.title": ("Timeline", "时间线"),
    "timeline.lead": ("{count} events, in the order in which they happened.", "共 {count} 个事件，按发生先后排列。"),
    "timeline.cut": ("Only the first {count} events are shown.", "仅显示前 {count} 个事件。"),
    "timeline.details": ("Details", "详情"),
    "timeline.event": ("Event", "事件"),
    "timeline.decision": ("Decision", "决策"),
    "timeline.position": ("Journal entry", "日志条目"),
    "timeline.cause": ("Caused by", "起因事件"),
    "timeline.trace": ("Trace", "追踪"),
    "timeline.body": ("What was announced", "事件内容"),
    # event flow
    "events.title": ("Event flow", "事件流"),
    "events.lead": (
        "What was announced, how fast it was recorded here, and what stands still. By the machines' clocks.",
        "事件的发布、入账速度与滞留情况，以机器时间计。",
    ),
    "events.total": ("Events recorded", "已入账事件"),
    "events.rate": ("Last hour", "最近一小时"),
    "events.delay": ("From made to recorded", "产生到入账"),
    "events.delay.value": ("{average} on average, {max} at most", "平均 {average}，最长 {max}"),
    "events.waiting": ("Waiting", "等待中"),
    "events.waiting.none": ("nothing waits", "无滞留"),
    "events.quarantined": ("Cases in quarantine", "隔离案件"),
    "events.chart": ("Events per minute, the last hour", "最近一小时每分钟事件数"),
    "events.chart.label": ("Events per minute over the last hour; at most {max}", "最近一小时每分钟事件数，最高 {max}"),
    "events.ago": ("60 min ago", "60 分钟前"),
    "events.now": ("now", "现在"),
    "events.topics": ("Topics", "主题"),
    "events.topic": ("Topic", "主题"),
    "events.events": ("Events", "事件数"),
    "events.last": ("Since the last", "距上一事件"),
    "events.delay.average": ("Delay, average", "平均延迟"),
    "events.delay.max": ("Delay, longest", "最长延迟"),
    "events.trend": ("By minute", "每分钟"),
    "events.none": ("No event has been recorded yet.", "尚无事件入账。"),
    "journal.title": ("Journal", "日志"),
    "journal.lead": (
        "Every event is an entry of an append-only chain; each hash covers the entry and the hash before it.",
        "每个事件都是只增链上的一个条目，每个校验值覆盖该条目及其前一个校验值。",
    ),
    "journal.entries": ("Entries", "条目数"),
    "journal.head": ("Head of the chain", "链首校验值"),
    "journal.verify": ("Verify the chain", "校验日志链"),
    "journal.intact": (
        "Intact: {count} entries were recomputed and fit.",
        "完好：已重新计算 {count} 个条目，全部吻合。",
    ),
    "journal.partly": (
        "The first {count} entries fit. Verify the rest through the API.",
        "前 {count} 个条目全部吻合，其余请通过接口校验。",
    ),
    "journal.broken": (
        "Broken at entry {position}: it is not as it was written.",
        "日志链在第 {position} 条处断裂：与写入时不符。",
    ),
    # errors
    "missing.title": ("Not found", "未找到"),
    "missing.lead": ("There is no such page or case.", "没有这样的页面或案件。"),
    "units.ms": ("{n} ms", "{n} 毫秒"),
    "units.s": ("{n} s", "{n} 秒"),
    "units.min": ("{n} min", "{n} 分钟"),
    "units.h": ("{n} h", "{n} 小时"),
    "units.days": ("{n} d", "{n} 天"),
}


def text(key: str, language: Language, **values: object) -> str:
    found = _TEXTS[key][LANGUAGES.index(language)]
    return found.format(**values) if values else found


def duration(seconds: float | None, language: Language) -> str:
    """A length of time in the unit that a person would use."""
    if seconds is None:
        return "—"
    if seconds < 1:
        return text("units.ms", language, n=round(seconds * 1000))
    for limit, unit, size in ((60, "s", 1), (3_600, "min", 60), (86_400, "h", 3_600)):
        if seconds < limit:
            return text(f"units.{unit}", language, n=_brief(seconds / size))
    return text("units.days", language, n=_brief(seconds / 86_400))


def _brief(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
