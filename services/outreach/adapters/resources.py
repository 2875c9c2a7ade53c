"""Opens what outreach needs of the outside, and closes it again."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial

from services.outreach.adapters.alarm_mail import MailAlarm
from services.outreach.adapters.archive import open_archive
from services.outreach.adapters.budgets import load_budgets
from services.outreach.adapters.calendars import CALENDARS
from services.outreach.adapters.call_scripts import TemplateScripts
from services.outreach.adapters.channels.opening import ChannelSettings, client_of, open_router, ways_back
from services.outreach.adapters.conduct.lexicon import conduct_checker
from services.outreach.adapters.conduct_mail import ConductMail
from services.outreach.adapters.desk_terms import load_terms
from services.outreach.adapters.evidence import load_proof_rules
from services.outreach.adapters.genuine import SigningKey
from services.outreach.adapters.ladders import load_ladders
from services.outreach.adapters.letters.press import TypstPress
from services.outreach.adapters.letters.text_only import TextOnlyPress
from services.outreach.adapters.mail_reader import MimeMailReader
from services.outreach.adapters.reply_model import load_model
from services.outreach.adapters.rule_packs import load_packs
from services.outreach.adapters.sealer import PersonSealer
from services.outreach.adapters.template_engine import TemplateEngine
from services.outreach.adapters.template_requirements import load_requirements
from services.outreach.adapters.vault import HttpVault
from services.outreach.adapters.wording import Sender, TemplateWording
from services.outreach.adapters.work import DatabaseWork, begin_work
from services.outreach.application.content_ports import Content, LetterPress
from services.outreach.application.desk_ports import Desks
from services.outreach.application.harm_ports import HarmAccess
from services.outreach.application.ports import Limits, Resources
from services.outreach.application.workbench_ports import WorkbenchAccess
from shared.kernel.clock import SystemClock
from shared.service.service import Platform
from shared.service.sign_in_limit import SignInFailures


@dataclass(frozen=True)
class Outside:
    """Addresses and secrets, as plain values."""

    intake_url: str
    service_secret: bytes
    channels: ChannelSettings
    sender: Sender
    staff_token: str
    webhook_secret: bytes
    vault_key: bytes
    limits: Limits
    session_secret: bytes
    cookies_need_https: bool
    calls_by_hand: bool
    alarm: MailAlarm
    explore_percent: int | None
    genuine_key: str
    genuine_keys_retired: tuple[str, ...]
    agency_code: str
    letter_days: int
    conduct_mail: ConductMail
    licences: Mapping[str, date]


@asynccontextmanager
async def open_resources(outside: Outside, platform: Platform) -> AsyncIterator[Resources]:
    """Packs, ladders and templates are read once a process: a new version comes with a new start."""
    async with AsyncExitStack() as stack:
        intake = await stack.enter_async_context(client_of(outside.intake_url))
        genuineness = SigningKey(outside.genuine_key, outside.agency_code, outside.genuine_keys_retired)
        sealer = PersonSealer(outside.vault_key)
        begin = partial(begin_work, platform.database, licences=outside.licences)
        yield Resources(
            clock=platform.clock,
            begin=begin,
            work=partial(DatabaseWork, licences=outside.licences),
            vault=HttpVault(intake, outside.service_secret, platform.clock),
            channels=await open_router(outside.channels, stack, begin, sealer, platform.clock),
            wording=TemplateWording(outside.sender, genuineness),
            sealer=sealer,
            reply_model=load_model(),
            mail_reader=MimeMailReader(),
            packs=load_packs(),
            ladders=load_ladders(),
            proof_rules=load_proof_rules(),
            workbench=WorkbenchAccess(
                session_secret=outside.session_secret,
                wall=SystemClock(),
                sign_ins=SignInFailures(),
                cookies_need_https=outside.cookies_need_https,
                calls_by_hand=outside.calls_by_hand,
                scripts=TemplateScripts(),
                agency=outside.sender.agency,
                complaints_address=outside.sender.complaints,
            ),
            content=Content(
                requirements=load_requirements(),
                reader=TemplateEngine(),
                conduct=conduct_checker(),
                genuineness=genuineness,
                press=_press(outside),
                agency=outside.sender.agency,
                letter_days=outside.letter_days,
            ),
            ways_back=ways_back(outside.channels, outside.service_secret),
            open_archive=open_archive,
            harm=HarmAccess(load_budgets(), outside.alarm, outside.explore_percent),
            desks=Desks(
                terms=load_terms(),
                calendars=CALENDARS,
                alarm_mail=outside.conduct_mail,
                service_secret=outside.service_secret,
                check_page=outside.sender.check_page,
            ),
            staff_token=outside.staff_token,
            webhook_secret=outside.webhook_secret,
            limits=outside.limits,
        )


def _press(outside: Outside) -> LetterPress:
    """PDFs are made where a print house takes them."""
    if outside.channels.letter_folder is None:
        return TextOnlyPress()
    return TypstPress(outside.sender.agency, outside.sender.complaints)
