"""What the settings say of the world outside: mail, providers, secrets, who is told of what."""

from __future__ import annotations

from services.outreach.adapters.alarm_mail import MailAlarm
from services.outreach.adapters.channels.aliyun import AliyunKey
from services.outreach.adapters.channels.opening import AliyunAccount, ChannelSettings
from services.outreach.adapters.channels.twilio import TwilioAccount
from services.outreach.adapters.conduct_mail import ConductMail
from services.outreach.adapters.resources import Outside
from services.outreach.adapters.wording import Sender
from services.outreach.application.ports import Limits
from services.outreach.settings import OutreachSettings


def outside_of(settings: OutreachSettings) -> Outside:
    """Everything that is opened, from the settings of one process."""
    return Outside(
        intake_url=settings.intake_url,
        service_secret=settings.service_secret.get_secret_value().encode(),
        channels=channels_of(settings),
        sender=Sender(
            agency={"en": settings.agency_name_en, "zh": settings.agency_name_zh},
            complaints=settings.complaints_address,
            pages_url=settings.negotiation_url.rstrip("/"),
            link_secret=settings.link_secret.get_secret_value().encode(),
            check_page=settings.check_page,
        ),
        staff_token=settings.staff_token.get_secret_value(),
        webhook_secret=settings.webhook_secret.get_secret_value().encode(),
        vault_key=settings.vault_key.get_secret_value().encode(),
        limits=Limits(sweep_cases=settings.sweep_cases, lease_s=settings.lease_s),
        session_secret=settings.session_secret.get_secret_value().encode(),
        cookies_need_https=settings.environment == "production",
        calls_by_hand=settings.calls_by_hand,
        alarm=_alarm_of(settings),
        explore_percent=settings.chooser_explore_percent,
        genuine_key=settings.genuine_key.get_secret_value(),
        genuine_keys_retired=tuple(settings.genuine_keys_retired),
        agency_code=settings.agency_code,
        letter_days=settings.letter_days,
        conduct_mail=ConductMail(
            settings.smtp_host,
            settings.smtp_port,
            settings.mail_from,
            settings.alarm_recipients,
            settings.alarm_recipients_of,
            use_tls=settings.smtp_use_tls,
        ),
        licences=settings.licences,
    )


def channels_of(settings: OutreachSettings) -> ChannelSettings:
    """The channels and their providers; a provider that is not wholly named is none."""
    public_url = settings.public_url.rstrip("/") if settings.public_url else None
    return ChannelSettings(
        smtp_host=settings.smtp_host,
        smtp_port=settings.smtp_port,
        smtp_use_tls=settings.smtp_use_tls,
        smtp_start_tls=settings.smtp_start_tls,
        mail_from=settings.mail_from,
        mail_name=settings.agency_name_en,
        mail_with_picture=settings.mail_with_picture,
        gateway_url=settings.simulator_url,
        letter_folder=settings.letter_folder,
        twilio=_twilio(settings, public_url),
        twilio_url=settings.twilio_url,
        aliyun=_aliyun(settings),
        routes=settings.channel_routes,
        public_url=public_url,
        link_secret=settings.link_secret.get_secret_value().encode(),
        simulates=settings.environment != "production",
    )


def _alarm_of(settings: OutreachSettings) -> MailAlarm:
    return MailAlarm(
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_from,
        settings.harm_alarm_to,
        use_tls=settings.smtp_use_tls,
    )


def _twilio(settings: OutreachSettings, public_url: str | None) -> TwilioAccount | None:
    sid, token, sender = settings.twilio_account_sid, settings.twilio_auth_token, settings.twilio_from
    if sid is None or token is None or sender is None or public_url is None:
        return None
    return TwilioAccount(sid, token.get_secret_value(), sender, public_url, settings.twilio_desk_number)


def _aliyun(settings: OutreachSettings) -> AliyunAccount | None:
    key_id, secret = settings.aliyun_access_key_id, settings.aliyun_access_key_secret
    texts, report_key = settings.aliyun_texts, settings.aliyun_report_key
    if key_id is None or secret is None or texts is None or report_key is None:
        return None
    key = AliyunKey(key_id, secret.get_secret_value())
    return AliyunAccount(key, settings.aliyun_sms_url, texts, report_key.get_secret_value())
