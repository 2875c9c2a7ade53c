"""The gate's rules in words: rule id -> (English, Chinese). A rule without words is named calmly, with its id."""

from __future__ import annotations

from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

MISSING = "missing_fact."

RULES: dict[str, tuple[str, str]] = {
    # the case and the person's wishes
    "case_open": ("the case has ended", "案件已结束"),
    "nothing_owed": ("nothing is owed", "已无欠款"),
    "plan_kept": ("a plan is being kept", "方案履约中"),
    "instalments_performed": ("a plan is being kept", "方案履约中"),
    "hold": ("contact is on hold", "暂停联系"),
    "cease": ("asked us to stop", "已要求停止联系"),
    "complaint": ("a complaint is open", "投诉处理中"),
    "dispute": ("the debt is disputed", "债务存在异议"),
    "opt_out": ("refused this way of contact", "已拒绝该联系方式"),
    "medium_opted_out": ("refused this way of contact", "已拒绝该联系方式"),
    "medium_refused": ("refused this way of contact", "已拒绝该联系方式"),
    "represented": ("has a representative", "已有代理人"),
    "attorney": ("has a lawyer", "已委托律师"),
    "no_contact": ("a moratorium runs", "法定暂缓期内"),
    "lawful_basis": ("no lawful basis for this contact point", "缺少使用该联系方式的合法依据"),
    "electronic_consent": ("no consent to electronic messages", "未同意接收电子信息"),
    "messages_by_consent": ("no consent to electronic messages", "未同意接收电子信息"),
    "text_permission_is_recent": ("the permission to text is too old", "短信许可已过期"),
    "creditor_notice": ("the creditor's notice is missing", "缺少债权人的事先通知"),
    "notice_before_the_first_demand": ("the first notice is missing", "首次催告前的通知缺失"),
    "way_out": ("the text offers no way to refuse", "文字未提供拒收方式"),
    # times
    "hours": ("outside the permitted hours", "不在允许的时段"),
    "contact_hours": ("outside the permitted hours", "不在允许的时段"),
    "telephone_hours": ("outside the permitted hours for calls", "不在允许的通话时段"),
    "reasonable_hours": ("at an unreasonable hour", "时间不合理"),
    "visit_hours": ("outside the permitted hours for visits", "不在允许的上门时段"),
    "workplace_hours": ("outside working hours at the workplace", "不在工作单位的正常时段"),
    "inconvenient_time": ("a time the person called inconvenient", "对方表示不便的时间"),
    "requested_times": ("not a time the person asked for", "不在对方要求的时间"),
    "occasions": ("an occasion of grief or celebration", "丧事、喜庆或灾害期间"),
    # how often
    "silence_after_conversation": ("quiet days after a conversation", "通话后静默期"),
    "calls_seven_in_seven_days": ("too many calls in seven days", "七日内通话次数过多"),
    "calls_concentrated": ("too many calls in a day", "一日内通话次数过多"),
    "calls_minutes_apart": ("too soon after the last call", "距上次通话过近"),
    "calls_and_messages_in_seven_days": ("too many contacts in seven days", "七日内联系次数过多"),
    "attempts_per_number_and_day": ("too many attempts at this number today", "该号码今日拨打次数过多"),
    "effective_calls_per_day": ("too many conversations today", "今日有效通话次数过多"),
    "informative_calls_per_day": ("too many informing calls today", "今日告知类通话次数过多"),
    "interval_per_product": ("too soon for this product", "该产品的联系间隔过短"),
    "messages_per_day": ("too many messages today", "今日信息过多"),
    "messages_per_week": ("too many messages this week", "本周信息过多"),
    "reminders_per_day": ("too many reminders today", "今日提醒过多"),
    "persistent_calls": ("too many calls today", "今日通话次数过多"),
    "contacts_per_week": ("too many contacts this week", "本周联系次数过多"),
    "contacts_per_month": ("too many contacts this month", "本月联系次数过多"),
    "two_in_seven_days": ("too many contacts in seven days", "七日内联系次数过多"),
    "two_in_thirty_days_elsewhere": ("too many contacts away from home", "住所以外的联系次数过多"),
    "two_calls_in_seven_days": ("too many calls in seven days", "七日内通话次数过多"),
    "two_calls_in_thirty_days_elsewhere": ("too many calls away from home", "住所以外的通话次数过多"),
    "three_in_seven_days": ("too many contacts in seven days", "七日内联系次数过多"),
    "three_in_a_week": ("too many contacts this week", "本周联系次数过多"),
    "once_a_week_at_work": ("too many contacts at work", "工作单位的联系次数过多"),
    "four_calls_in_seven_days": ("too many calls in seven days", "七日内通话次数过多"),
    "five_messages_in_seven_days": ("too many messages in seven days", "七日内信息过多"),
    "one_visit_in_thirty_days": ("too many visits in thirty days", "三十日内上门次数过多"),
    "located_once": ("others were asked already", "已向他人询问过一次"),
    # where and by which point
    "reachable": ("no fitting contact point", "无合适的联系方式"),
    "workplace": ("not at the place of work", "不得联系工作单位"),
    "employer_prohibits": ("the employer allows no such contact", "雇主不允许此类联系"),
    "employer_address": ("an address of the employer", "属于雇主的地址"),
    "private_devices": ("not by a private device", "不得使用私人设备"),
    "premium_rate": ("not by a premium-rate number", "不得使用高收费号码"),
    # other people
    "debtor_only": ("only the debtor", "仅限债务人本人"),
    "borrower_only": ("only the borrower", "仅限借款人本人"),
    "consumer_only": ("only the consumer", "仅限消费者本人"),
    "third_party_demand": ("nothing is asked of others", "不得向第三人催收"),
    "third_party_only_to_locate": ("others only to find the person", "联系第三人仅限查找本人"),
    "contact_person_only_to_locate": ("others only to find the person", "联系人仅限查找本人"),
    "agreed_contacts_only_if_unreachable": ("others only if the person cannot be reached", "仅在无法联系本人时"),
    "others_only_to_locate": ("others only to find the person", "联系他人仅限查找本人"),
    "others_hear_of_no_debt": ("others hear of no debt", "不得向他人透露债务"),
    "spouse_only_if_liable": ("the spouse only if liable", "仅限负有责任的配偶"),
    "family_and_referees": ("not family or referees", "不得联系亲友"),
    "relatives_and_colleagues": ("not relatives or colleagues", "不得联系亲属或同事"),
    "employer_and_family": ("not employer or family", "不得联系雇主或家人"),
    "contact_list": ("not from the phone's contact list", "不得使用通讯录"),
    "no_disclosure_to_others": ("nothing is told to others", "不得向他人透露"),
    # how it is said and done
    "conduct": ("not a fair way to act", "行为不当"),
    "red_lines": ("not a fair way to act", "触及行为红线"),
    "misleading_contact": ("misleading", "具有误导性"),
    "no_pressure": ("undue pressure", "不当施压"),
    "no_court_beyond_means": ("court beyond the person's means", "诉讼超出对方承受能力"),
    "charges": ("charges that are not due", "不应收取的费用"),
    "public_posting": ("in public view", "公开张贴"),
    "publication": ("in public view", "公开个人信息"),
    "seen_by_others": ("others could see it", "他人可能看到"),
    "private_to_the_customer": ("others could see it", "他人可能看到"),
    "to_the_customer_alone": ("only to the customer alone", "仅限对客户本人"),
    "states_who_we_are": ("does not say who we are", "未表明身份"),
    "certified": ("no valid certificate", "无有效上岗资格"),
    "bot_discloses": ("a machine has to say that it is one", "机器人须表明身份"),
    "licence": ("no licence for this place", "无当地执业许可"),
    "harm_budget": ("this strategy is slowed or stopped", "该策略已减缓或停止"),
    "person_known": ("not known whether others contact them too", "尚不清楚是否有其他机构联系"),
    "known": ("not known for sure", "无法确认"),
    # debts that are too old
    "time_barred": ("the debt is too old to sue for", "债务已过诉讼时效"),
    "statute_barred_demand": ("the debt is too old to ask for", "债务已过时效，不得催收"),
    "statute_barred_suit": ("the debt is too old to sue for", "债务已过诉讼时效"),
    # visits
    "visit_offered": ("no visits in this place", "当地不提供上门"),
    "visit_after_remote": ("softer steps come before a visit", "上门前须先完成其他步骤"),
    "visit_vulnerable": ("no visits to people who need care", "不对需关照者上门"),
    "visit_place": ("not at this place", "不得在该地点上门"),
    "visit_at_the_address": ("only at the known address", "仅限已登记地址"),
    "visit_notice": ("a visit is announced first", "上门须事先通知"),
    "visit_by_two": ("visits are made by two", "上门须两人以上"),
    "visit_recorded": ("visits are recorded", "上门须录音录像"),
    "visit_with_card": ("visitors carry their card", "上门须携带证件"),
    "visit_leave": ("leaves when asked to", "要求离开时须离开"),
    "no_entry": ("does not enter without leave", "未经同意不得进入"),
}
FACTS: dict[str, tuple[str, str]] = {
    "bot_discloses": ("whether the machine says so", "机器人是否表明身份"),
    "calendar": ("the calendar", "日历"),
    "certificate": ("a certificate", "上岗资格"),
    "consent": ("consent", "同意"),
    "contact_point": ("a contact point", "联系方式"),
    "discloses_debt": ("whether the debt would be disclosed", "是否透露债务"),
    "licence": ("a licence", "执业许可"),
    "notice_of_transfer": ("the notice of transfer", "债权转让通知"),
    "person_token": ("whether other lenders' cases are the same person's", "是否为其他债权人的同一借款人"),
    "region": ("the state or region", "所在州或地区"),
    "reachability": ("whether the person can be reached", "能否联系到本人"),
    "representation": ("whether somebody speaks for the person", "是否有代理人"),
    "rule_pack": ("rules for this place", "当地规则"),
    "sign_of_consent": ("when consent was given", "同意的时间"),
    "staff_count": ("how many go", "上门人数"),
    "time_zone": ("the person's time zone", "所在时区"),
    "visit": ("the details of the visit", "上门信息"),
    "visit_notice": ("when the visit was announced", "上门通知时间"),
}
_UNKNOWN = {"en": "a rule of the packs ({rule})", "zh": "规则包中的规则（{rule}）"}
_NOT_KNOWN = {"en": "not known: {fact}", "zh": "尚不清楚：{fact}"}


def rule_word(rule: str, language: Language) -> str:
    """What a rule says no to. `rule`: its id, with or without the name of its pack before a slash."""
    name = rule.rsplit("/", 1)[-1]
    if name.startswith(MISSING):
        fact = name.removeprefix(MISSING)
        return _NOT_KNOWN[language].format(fact=_said(FACTS, fact, language) or fact)
    return _said(RULES, name, language) or _UNKNOWN[language].format(rule=name)


def _said(words: dict[str, tuple[str, str]], code: str, language: Language) -> str | None:
    known = words.get(code)
    return known[LANGUAGES.index(language)] if known else None
