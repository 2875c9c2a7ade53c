"""Templates: nothing is published that lacks something, and nobody approves what they made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.outreach.adapters.conduct.lexicon import conduct_checker
from services.outreach.adapters.shipped_templates import SHIPPED_AT, shipped_templates
from services.outreach.adapters.template_engine import TemplateEngine
from services.outreach.adapters.template_requirements import load_requirements
from services.outreach.domain.templates.publishing import check_template
from services.outreach.domain.templates.version import TemplateVersion, Text, approve, retire, split_reference
from shared.events.contact_attempted import ContactAttempted
from shared.kernel.refusal import Conflict, NotAllowed, Reason

REQUIREMENTS = load_requirements()
SHIPPED = {version.code: version for version in shipped_templates()}
DRAFT = replace(SHIPPED["reminder_email"], state="draft", made_by="mia", checked_by=None, checked_at=None)


def check(version: TemplateVersion) -> list[Reason]:
    return check_template(version, TemplateEngine().parse(version, REQUIREMENTS), REQUIREMENTS, conduct_checker())


def without(version: TemplateVersion, *words: str, language: str = "en") -> TemplateVersion:
    """The same with words cut out of one language."""
    text = version.texts[language]
    body = text.body
    for word in words:
        assert word in body
        body = body.replace(word, "")
    return replace(version, texts={**version.texts, language: Text(text.subject, body)})


def codes(version: TemplateVersion) -> set[str]:
    return {reason.code for reason in check(version)}


@pytest.mark.parametrize("version", SHIPPED.values(), ids=lambda version: version.code)
def test_every_shipped_template_may_be_published(version: TemplateVersion) -> None:
    assert check(version) == []


CUTS = {
    "who_we_are": ("{{ agency }}",),
    "for_whom": ("{{ creditor }}",),
    "amount_split": ("{{ fees }}",),
    "due_date": ("{{ due_on }}",),
    "next_step": ("{{ link }}",),
    "true_consequences": ("What happens next",),
    "rights": ("Your rights", "you may "),
    "complaint_route": ("{{ complaints }}",),
    "opt_out": ("STOP",),
    "genuine": ("{{ code }}",),
    "machine": ("automatically",),
    "collector_first": ("any information obtained",),
    "collector_later": ("This message is from a debt collector.",),
}


@pytest.mark.parametrize(("item", "words"), CUTS.items(), ids=list(CUTS))
def test_a_template_that_lacks_an_item_is_refused_with_a_pointer(item: str, words: tuple[str, ...]) -> None:
    reasons = check(without(DRAFT, *words))
    assert [(reason.code, reason.pointer) for reason in reasons] == [(f"template_lacks.{item}", "/texts/en/body")]


def test_everything_that_is_missing_is_told_at_once_and_by_language() -> None:
    empty = replace(DRAFT, texts={"en": Text("", "Hello."), "zh": Text("", "您好。")})
    reasons = check(empty)
    required = REQUIREMENTS.required("borrower", "email", "reminder")
    assert required is not None
    assert {(reason.code, reason.pointer) for reason in reasons} == {
        (f"template_lacks.{item.id}", f"/texts/{language}/body") for item in required for language in ("en", "zh")
    }


def test_a_disclosure_of_american_law_is_asked_for_only_where_that_law_is() -> None:
    """Said in every case is fine; said elsewhere only is not."""
    moved = without(DRAFT, "{% if is_us %}")
    body = moved.texts["en"].body
    assert "debt collector" in body
    elsewhere = DRAFT.texts["en"].body.replace("{% if is_us %}", "{% if not is_us %}")
    odd = replace(DRAFT, texts={**DRAFT.texts, "en": Text("", elsewhere)})
    assert codes(odd) == {"template_lacks.collector_first", "template_lacks.collector_later"}


def test_a_template_speaks_every_language() -> None:
    alone = replace(DRAFT, texts={"en": DRAFT.texts["en"]})
    assert [(reason.code, reason.pointer) for reason in check(alone)] == [("template_lacks_language", "/texts/zh")]


def test_a_variable_that_is_not_on_the_list_is_refused() -> None:
    text = DRAFT.texts["en"]
    odd = replace(DRAFT, texts={**DRAFT.texts, "en": Text("{{ salary }}", text.body)})
    assert ("template_variable_forbidden", "/texts/en/subject") in {
        (reason.code, reason.pointer) for reason in check(odd)
    }


@pytest.mark.parametrize(
    "code",
    [
        "{% for x in name %}{{ x }}{% endfor %}",
        "{{ name.upper() }}",
        "{{ name * 9 }}",
        "{{ name | upper }}",
        "{% if %}",
    ],
)
def test_a_template_is_values_and_conditions_and_nothing_else(code: str) -> None:
    text = DRAFT.texts["en"]
    odd = replace(DRAFT, texts={**DRAFT.texts, "en": Text("", text.body + code)})
    assert "template_unreadable" in codes(odd)


@pytest.mark.parametrize("name", sorted(REQUIREMENTS.variables["borrower"] - REQUIREMENTS.variables["third_party"]))
def test_a_text_to_a_third_party_names_nothing_of_a_debt(name: str) -> None:
    """15 U.S.C. 1692b(2)."""
    locate = SHIPPED["locate_call"]
    told = replace(locate, texts={**locate.texts, "en": Text("", locate.texts["en"].body + f"{{{{ {name} }}}}")})
    assert "template_variable_forbidden" in codes(told)


@pytest.mark.parametrize("words", ["It is about a debt.", "This concerns an overdue account.", "有一笔欠款。"])
def test_a_text_to_a_third_party_says_nothing_of_a_debt_in_words_either(words: str) -> None:
    locate = SHIPPED["locate_call"]
    told = replace(locate, texts={**locate.texts, "en": Text("", locate.texts["en"].body + words)})
    assert codes(told) == {"conduct.disclosure"}


def test_a_threat_in_a_branch_that_is_rarely_taken_is_found() -> None:
    text = DRAFT.texts["en"]
    branch = "{% if has_offer and not is_us %}Or you will be arrested.{% endif %}"
    odd = replace(DRAFT, texts={**DRAFT.texts, "en": Text("", text.body + branch)})
    assert codes(odd) == {"conduct.threat"}


def test_a_kind_that_no_requirements_are_laid_down_for_cannot_be_published() -> None:
    assert codes(replace(DRAFT, purpose="prize_draw")) == {"template_kind_unknown"}


def test_what_a_kind_may_leave_out_has_a_reason() -> None:
    for entry in REQUIREMENTS.sets:
        for item, reason in entry.elsewhere.items():
            assert item not in entry.items
            assert len(reason) > 20


def test_the_maker_never_approves() -> None:
    with pytest.raises(NotAllowed):
        approve(DRAFT, "mia", SHIPPED_AT)
    approved = approve(DRAFT, "noor", SHIPPED_AT)
    assert (approved.state, approved.checked_by) == ("approved", "noor")


def test_only_a_draft_is_approved_and_nothing_is_retired_twice() -> None:
    retired = retire(approve(DRAFT, "noor", SHIPPED_AT), "noor", SHIPPED_AT)
    for change in (approve, retire):
        with pytest.raises(Conflict):
            change(retired, "omar", SHIPPED_AT)


def test_the_hash_covers_every_word_and_no_signature() -> None:
    text = DRAFT.texts["zh"]
    assert replace(DRAFT, state="retired", made_by="omar").content_hash == DRAFT.content_hash
    changed = replace(DRAFT, texts={**DRAFT.texts, "zh": Text(text.subject, text.body + " ")})
    assert changed.content_hash != DRAFT.content_hash
    assert replace(DRAFT, version=2).content_hash != DRAFT.content_hash


def test_a_reference_is_a_code_of_the_event_contracts_and_is_read_back() -> None:
    pattern = ContactAttempted.model_json_schema()["properties"]["template"]["pattern"]
    import re

    for version in SHIPPED.values():
        assert re.fullmatch(pattern, version.reference)
        assert split_reference(version.reference) == (version.code, 1)
    assert split_reference("reminder_email") is None
    assert split_reference("reminder_email.v0") is None
