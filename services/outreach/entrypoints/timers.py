"""What the timers role sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from services.outreach.application.apply_holds import expire_holds
from services.outreach.application.attempt_contacts import attempt_contacts
from services.outreach.application.feed_queue import feed_queue
from services.outreach.application.follow_promises import count_promises
from services.outreach.application.group_persons import group_persons
from services.outreach.application.make_visits import close_overdue_visits
from services.outreach.application.ports import Resources
from services.outreach.application.provide_validation import provide_validation
from services.outreach.application.publish_code_lists import publish_code_lists
from services.outreach.application.raise_alarms import mail_alarms
from services.outreach.application.recover_contacts import recover_contacts
from services.outreach.application.remind_instalments import remind_instalments
from services.outreach.application.remind_matters import remind_matters
from services.outreach.application.send_answers import send_answers
from services.outreach.application.show_sent_texts import throw_letters_away
from services.outreach.application.weigh_harm import learn_from_contacts, tell_of_harm, weigh_harm
from services.outreach.application.write_call_notes import say_noted
from shared.service.service import Timer

CONTACT_LANES = 2
"""Sweeps at once, so that one batch with a slow provider does not keep the others waiting."""


def timers(resources: Resources) -> Sequence[Timer]:
    return [
        *(
            Timer(f"contacts-{lane}", partial(attempt_contacts, resources), idle_s=0.02)
            for lane in range(1, CONTACT_LANES + 1)
        ),
        Timer("person-groups", partial(group_persons, resources), idle_s=0.02),
        Timer("expired-holds", partial(expire_holds, resources), idle_s=0.1),
        Timer("instalments", partial(remind_instalments, resources), idle_s=0.5),
        Timer("validation-notices", partial(provide_validation, resources), idle_s=0.2),
        Timer("overdue-visits", partial(close_overdue_visits, resources), idle_s=1.0),
        Timer("harm-budgets", partial(weigh_harm, resources), idle_s=0.2),
        Timer("harm-alarms", partial(tell_of_harm, resources), idle_s=30.0),
        Timer("choices", partial(learn_from_contacts, resources), idle_s=0.5),
        Timer("answers", partial(send_answers, resources), idle_s=0.2),
        Timer("promises", partial(count_promises, resources), idle_s=0.2),
        Timer("expired-leases", partial(recover_contacts, resources), idle_s=0.5),
        Timer("work-queue", partial(feed_queue, resources), idle_s=1.0),
        Timer("call-notes", partial(say_noted, resources), idle_s=1.0),
        Timer("due-matters", partial(remind_matters, resources), idle_s=0.5),
        Timer("alarm-mail", partial(mail_alarms, resources), idle_s=1.0),
        Timer("code-lists", partial(publish_code_lists, resources), idle_s=5.0),
        Timer("old-letters", partial(throw_letters_away, resources), idle_s=60.0),
    ]
