"""Opens the providers that an installation has, and routes its messages to them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx

from services.outreach.adapters.channels import aliyun_sms, twilio
from services.outreach.adapters.channels.aliyun import AliyunApi, AliyunKey
from services.outreach.adapters.channels.aliyun_sms import AliyunReports, AliyunSms
from services.outreach.adapters.channels.aliyun_templates import load_registered_texts
from services.outreach.adapters.channels.carrier import Carrier, Finder, Router
from services.outreach.adapters.channels.circuit import Circuit
from services.outreach.adapters.channels.inbox import InboxCarrier
from services.outreach.adapters.channels.letters import LetterChannel
from services.outreach.adapters.channels.mail import SmtpMail
from services.outreach.adapters.channels.provider import HttpProvider
from services.outreach.adapters.channels.routes import FILE, load_routes
from services.outreach.adapters.channels.simulator import SimulatedCarrier
from services.outreach.adapters.channels.twilio import Twilio, TwilioAccount, TwilioReports
from services.outreach.adapters.channels.unsubscribe_links import UnsubscribeLinks, unsubscribe_key
from services.outreach.application.channel_metrics import CIRCUIT_OPEN
from services.outreach.application.channel_ports import ReportReader, WaysBack
from services.outreach.application.contact_ports import Sealer
from services.outreach.application.ports import Work
from shared.kernel.clock import Clock

CONNECTIONS_MAX = 16
SIMULATED = "simulated"
START_TLS = {"required": True, "opportunistic": None, "never": False}


@dataclass(frozen=True, slots=True)
class AliyunAccount:
    """`texts`: the file of registered texts. `report_key`: the secret part of the address of the reports."""

    key: AliyunKey
    url: str
    texts: Path
    report_key: str


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """Addresses and secrets of the ways out, as plain values. None: this installation has none of these."""

    smtp_host: str | None
    smtp_port: int
    smtp_use_tls: bool
    smtp_start_tls: str
    mail_from: str
    mail_name: str
    mail_with_picture: bool
    gateway_url: str | None
    letter_folder: Path | None
    twilio: TwilioAccount | None
    twilio_url: str
    aliyun: AliyunAccount | None
    routes: Path | None
    public_url: str | None
    link_secret: bytes
    simulates: bool


async def open_router(
    settings: ChannelSettings,
    stack: AsyncExitStack,
    begin: Callable[[], AbstractAsyncContextManager[Work]],
    sealer: Sealer,
    clock: Clock,
) -> Router:
    """What is not closed by itself is closed by the stack."""
    routes = load_routes(settings.routes or FILE)
    carriers: dict[str, Carrier] = {"inbox": InboxCarrier(begin, sealer)}
    finders: dict[str, Finder] = {}
    if settings.smtp_host is not None:
        carriers["smtp"] = _mail(settings, settings.smtp_host, stack)
    if settings.gateway_url is not None:
        client = await stack.enter_async_context(client_of(settings.gateway_url))
        carriers["gateway"] = HttpProvider(client, _watched("gateway"))
    if settings.letter_folder is not None:
        carriers["print_folder"] = LetterChannel(settings.letter_folder)
    if settings.twilio is not None:
        client = await stack.enter_async_context(client_of(settings.twilio_url))
        pace = routes.paces[twilio.NAME]
        carriers[twilio.NAME] = Twilio(client, settings.twilio, pace, _watched(twilio.NAME))
    if settings.aliyun is not None:
        client = await stack.enter_async_context(client_of(settings.aliyun.url))
        api = AliyunApi(client, settings.aliyun.key, aliyun_sms.VERSION, clock.now)
        texts, pace = load_registered_texts(settings.aliyun.texts), routes.paces[aliyun_sms.NAME]
        carriers[aliyun_sms.NAME] = finders[aliyun_sms.NAME] = AliyunSms(api, texts, pace, _watched(aliyun_sms.NAME))
    if settings.simulates:
        carriers[SIMULATED] = SimulatedCarrier()
    return Router(carriers, routes, finders=finders, fallback=SIMULATED if settings.simulates else None)


def ways_back(settings: ChannelSettings, service_secret: bytes) -> WaysBack:
    readers: dict[str, ReportReader] = {}
    if settings.twilio is not None:
        readers[twilio.NAME] = TwilioReports(settings.twilio)
    if settings.aliyun is not None:
        readers[aliyun_sms.NAME] = AliyunReports(settings.aliyun.report_key)
    return WaysBack(readers, service_secret, unsubscribe_key(settings.link_secret))


def client_of(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, limits=httpx.Limits(max_connections=CONNECTIONS_MAX), follow_redirects=False, trust_env=False
    )


def _mail(settings: ChannelSettings, host: str, stack: AsyncExitStack) -> SmtpMail:
    links = None
    if settings.public_url is not None:
        links = UnsubscribeLinks(settings.public_url, unsubscribe_key(settings.link_secret))
    mail = SmtpMail(
        host,
        settings.smtp_port,
        settings.mail_from,
        settings.mail_name,
        use_tls=settings.smtp_use_tls,
        start_tls=START_TLS[settings.smtp_start_tls],
        unsubscribe=links,
        with_picture=settings.mail_with_picture,
        circuit=_watched("smtp"),
    )
    stack.push_async_callback(mail.close)
    return mail


def _watched(provider: str) -> Circuit:
    circuit = Circuit()
    CIRCUIT_OPEN.labels(provider).set_function(lambda: float(circuit.is_open))
    return circuit
