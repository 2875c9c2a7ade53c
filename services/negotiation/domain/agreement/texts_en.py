"""The clauses of an agreement in English. Short sentences; "we" is the agency, "you" the borrower."""

from __future__ import annotations

TITLE = "Your payment agreement"

CLAUSES: dict[str, tuple[str, tuple[str, ...]]] = {
    "parties": (
        "Who agrees with whom",
        (
            "We are the agency named above.",
            "We act for the creditor named above.",
            "You are the person this case belongs to. The case reference stands for you.",
        ),
    ),
    "amount": ("How much you pay", ("Under this agreement you pay {total} in all.", "You owe {owed} today.")),
    "payments_one": ("When you pay", ("You pay {first_amount} by {first_day}.",)),
    "payments_many": (
        "When you pay",
        (
            "You make {count} payments.",
            "The first is due on {first_day}, the last on {last_day}.",
            "The table shows every payment.",
        ),
    ),
    "discount": (
        "What you no longer owe",
        (
            "When you have paid {total}, the creditor gives up {discount}.",
            "You then owe nothing more on this case.",
        ),
    ),
    "no_discount": ("What you no longer owe", ("When you have paid {total}, this debt is paid in full.",)),
    "pause": ("Your pause", ("We ask you for nothing before {pause_day}.", "The pause costs you nothing.")),
    "grace": (
        "A few days late",
        (
            "A payment is still on time if it arrives within {grace} days after its due date.",
            "The day it arrives counts, not the day we book it.",
        ),
    ),
    "no_grace": (
        "On time",
        ("A payment is on time if it arrives on its due date.", "The day it arrives counts, not the day we book it."),
    ),
    "late": (
        "If you cannot pay in time",
        (
            "Tell us before the date if you can. We can look for another date or a smaller amount.",
            "If a payment stays missing, this agreement ends.",
            "We then stop, look at your situation again and make a new offer if one is possible.",
            "A late payment adds no fee under this agreement.",
        ),
    ),
    "change": (
        "How to change it",
        (
            "You can ask for a change at any time on your page or at the address below.",
            "Nothing changes without your agreement.",
        ),
    ),
    "cooling_off": (
        "If you change your mind",
        (
            "You can withdraw within {days} days after the day you agree.",
            "You need no reason, and it costs nothing.",
            "What you have paid stays paid towards your debt, or you ask for it back.",
            "Basis: {source}.",
        ),
    ),
    "early": ("Paying early", ("You can pay more or earlier at any time.", "It costs nothing extra.")),
    "rights": (
        "Rights you keep",
        (
            "You can dispute the debt, in whole or in part.",
            "You can complain, to us and to an authority or a court.",
            "You can ask somebody to act for you.",
            "Signing this takes no right away from you.",
        ),
    ),
    "time_barred": (
        "This is an old debt",
        (
            "So much time has passed that nobody may take you to court for this debt.",
            "In some places agreeing to pay, or paying, starts that time anew.",
            "You need not agree. Ask for free advice first.",
        ),
    ),
    "costs": ("No other costs", ("We charge you nothing for this agreement.", "You need not borrow to keep it.")),
    "personal_data": (
        "Your personal data",
        (
            "We use your data only to run this agreement and to meet the law.",
            "This copy does not hold your name, so that it can be kept safely.",
            "You can ask what we hold about you and have mistakes put right.",
        ),
    ),
    "contacts": (
        "Contacts",
        ("While you keep this agreement we only remind you of payments and answer you.", "Write to {contact}."),
    ),
    "genuine": (
        "How to check that this is genuine",
        (
            "This file is sealed. Any PDF reader that shows signatures tells you if it was changed.",
            "You can also check the code above at {check_page}.",
            "Pay only in a way that your page shows. We never send new bank details by message alone.",
        ),
    ),
}

FORMS: dict[str, str] = {
    "step": "The amounts change over time, as the table shows.",
    "deferral": "Your payments begin later than before.",
    "interest_freeze": "No interest is added while you keep this agreement.",
    "reduced": "Your payments are smaller than in your contract.",
    "restructured": "This schedule takes the place of the one in your contract.",
}

LABELS: dict[str, str] = {
    "agency": "Agency",
    "creditor": "Creditor",
    "creditor_unnamed": "the creditor of this case, reference {reference}",
    "case": "Case reference",
    "plan": "Agreement number",
    "agreed_at": "Agreed on",
    "withdraw_until": "You can withdraw before",
    "terms_hash": "Fingerprint of the terms (SHA-256)",
    "text_hash": "Fingerprint of this text (SHA-256)",
    "texts_version": "Version of the text",
    "number": "No.",
    "due_on": "Due on",
    "amount": "Amount",
    "schedule": "Your payments",
    "code": "Code",
    "check": "Scan to check",
    "complaints": "Questions and complaints:",
}
