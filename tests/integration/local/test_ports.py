"""A taken port never stops a run and is never used silently."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from deploy.local.ports import HOST, Ports

PREFERRED = 19_871


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def ports(said: list[str]) -> Iterator[Ports]:
    ports = Ports(said.append)
    yield ports
    ports.release()


def test_a_free_port_is_used_as_it_is(ports: Ports, said: list[str]) -> None:
    assert ports.take(PREFERRED, "intake's API") == PREFERRED
    assert said == []


def test_a_taken_port_is_named_with_its_owner_and_replaced(ports: Ports, said: list[str]) -> None:
    with socket.socket() as stranger:
        stranger.bind((HOST, PREFERRED))
        stranger.listen()
        port = ports.take(PREFERRED, "intake's API")
    assert port != PREFERRED
    assert len(said) == 1
    assert f"port {PREFERRED} for intake's API" in said[0]
    assert f"process {os.getpid()}" in said[0]
    assert f"using {port}" in said[0]


def test_a_port_that_somebody_has_on_every_address_counts_as_taken(ports: Ports) -> None:
    with socket.socket() as stranger:
        stranger.bind(("", PREFERRED))
        stranger.listen()
        assert ports.take(PREFERRED, "Kafka") != PREFERRED


def test_two_stacks_that_start_at_once_never_get_the_same_port(ports: Ports) -> None:
    said: list[str] = []
    other = Ports(said.append)
    try:
        assert ports.take(PREFERRED, "Kafka") != other.take(PREFERRED, "Kafka")
    finally:
        other.release()
    assert f"another stack (process {os.getpid()})" in said[0]


def test_a_released_port_can_be_taken_again(ports: Ports) -> None:
    ports.take(PREFERRED, "Kafka")
    ports.release()
    assert ports.take(PREFERRED, "Kafka") == PREFERRED
