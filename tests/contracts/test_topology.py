"""Registry, deploy/topics.yaml and the five subscription tables say the same."""

from __future__ import annotations

from docs.generators.platform import SERVICES, DescribedPlatform
from shared.events.registry import EVENTS
from shared.messaging.topics import read_topics


def test_every_event_has_its_topic_and_no_topic_is_left_over() -> None:
    names = [topic.name for topic in read_topics()]
    assert sorted(names) == sorted(EVENTS)
    assert len(names) == len(set(names))


def test_the_declared_producer_is_the_contract_s() -> None:
    for topic in read_topics():
        assert topic.producer == EVENTS[topic.name].producer, topic.name
        assert topic.producer in SERVICES


def test_every_topic_has_the_same_partitions() -> None:
    """Else a case would sit in another partition number of some topic, and its lane lock would not hold."""
    assert len({topic.partitions for topic in read_topics()}) == 1


def test_the_declared_subscribers_are_those_of_the_subscription_tables(platform: DescribedPlatform) -> None:
    declared = {topic.name: sorted(topic.subscribers) for topic in platform.topics}
    actual = {name: sorted(platform.subscribers(name)) for name in EVENTS}
    assert declared == actual


OWN_NEWS = {
    # The legal track follows plans and the ends of cases, whichever use case said them.
    "negotiation": {"plan.agreed", "case.closed"},
}


def test_whatever_is_heard_is_said_by_another_service_or_is_own_news_on_purpose(platform: DescribedPlatform) -> None:
    for described in platform.services:
        assert described.hears <= set(EVENTS)
        own = {name for name in described.hears if EVENTS[name].producer == described.name}
        assert own == OWN_NEWS.get(described.name, set())


def test_reporting_hears_everything(platform: DescribedPlatform) -> None:
    reporting = next(described for described in platform.services if described.name == "reporting")
    assert reporting.hears == {name for name, body in EVENTS.items() if body.producer != "reporting"}
