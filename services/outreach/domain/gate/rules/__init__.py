"""The kinds of rule that a pack may hold, one module per kind. To add one: a module, and its line in RULE_TYPES."""

from __future__ import annotations

from services.outreach.domain.gate.rules.barred import Barred, BarredPoint
from services.outreach.domain.gate.rules.case_state import CaseOpen, PlanKept, SomethingOwed
from services.outreach.domain.gate.rules.certified import BotDiscloses, Certified
from services.outreach.domain.gate.rules.conduct import Conduct
from services.outreach.domain.gate.rules.consent import Consent
from services.outreach.domain.gate.rules.creditor_notice import CreditorNotice
from services.outreach.domain.gate.rules.escalation import LadderProven, NotVulnerable, VisitOffered
from services.outreach.domain.gate.rules.frequency_cap import FrequencyCap
from services.outreach.domain.gate.rules.harm_budget import HarmBudget
from services.outreach.domain.gate.rules.hold import Hold
from services.outreach.domain.gate.rules.hours import Hours
from services.outreach.domain.gate.rules.inconvenient import Inconvenient
from services.outreach.domain.gate.rules.interval import Interval
from services.outreach.domain.gate.rules.known import Known
from services.outreach.domain.gate.rules.licence import Licensed
from services.outreach.domain.gate.rules.moratorium import InMoratorium
from services.outreach.domain.gate.rules.never import Never
from services.outreach.domain.gate.rules.occasion import OnOccasion
from services.outreach.domain.gate.rules.place import Place
from services.outreach.domain.gate.rules.prior_notice import PriorNotice
from services.outreach.domain.gate.rules.reachable import Reachable
from services.outreach.domain.gate.rules.recent_sign import RecentSign
from services.outreach.domain.gate.rules.refused import Refused
from services.outreach.domain.gate.rules.represented import Represented
from services.outreach.domain.gate.rules.rule import MISSING, Fired, Rule, View
from services.outreach.domain.gate.rules.says import Says
from services.outreach.domain.gate.rules.silence import Silence
from services.outreach.domain.gate.rules.special_hours import HoursAtPlace, HoursUntilPastDue
from services.outreach.domain.gate.rules.third_party import ThirdParty
from services.outreach.domain.gate.rules.time_bar import TimeBar
from services.outreach.domain.gate.rules.visit import Visit
from services.outreach.domain.gate.rules.voice_cap import VoiceCap

__all__ = ["MISSING", "RULE_TYPES", "Fired", "Rule", "View"]

RULE_TYPES: dict[str, type[Rule]] = {
    "barred": Barred,
    "barred_point": BarredPoint,
    "bot_discloses": BotDiscloses,
    "case_open": CaseOpen,
    "certified": Certified,
    "conduct": Conduct,
    "consent": Consent,
    "creditor_notice": CreditorNotice,
    "frequency_cap": FrequencyCap,
    "harm_budget": HarmBudget,
    "hold": Hold,
    "hours": Hours,
    "hours_at_place": HoursAtPlace,
    "hours_until_past_due": HoursUntilPastDue,
    "in_moratorium": InMoratorium,
    "inconvenient": Inconvenient,
    "interval": Interval,
    "known": Known,
    "licensed": Licensed,
    "ladder_proven": LadderProven,
    "never": Never,
    "not_vulnerable": NotVulnerable,
    "on_occasion": OnOccasion,
    "place": Place,
    "plan_kept": PlanKept,
    "prior_notice": PriorNotice,
    "reachable": Reachable,
    "recent_sign": RecentSign,
    "refused": Refused,
    "represented": Represented,
    "says": Says,
    "silence": Silence,
    "something_owed": SomethingOwed,
    "third_party": ThirdParty,
    "time_bar": TimeBar,
    "visit": Visit,
    "visit_offered": VisitOffered,
    "voice_cap": VoiceCap,
}
"""The closed vocabulary of a pack's `type`."""
