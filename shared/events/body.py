"""What every event body is: a closed, frozen model with a literal type name, one producer and one key."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Producer = Literal["intake", "assessment", "outreach", "negotiation", "reporting"]


class EventBody(BaseModel):
    """The facts of one event. Says what has become true, never what somebody should do.

    Closed (`extra="forbid"`) where it is made, so that nothing slips onto the wire undeclared; the codec reads with
    unknown fields ignored, so that a producer may add optional fields before its subscribers know them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="constants", hide_input_in_errors=True)

    event_type: ClassVar[str]
    version: ClassVar[int] = 1
    producer: ClassVar[Producer]
    key_field: ClassVar[Literal["case_id", "person_id"]] = "case_id"

    @property
    def key(self) -> UUID:
        """What the topic is partitioned by and the sequence counted for."""
        key: UUID = getattr(self, self.key_field)
        return key


class Part(BaseModel):
    """A closed piece of an event body."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")]
MinorUnits = Annotated[int, Field(ge=0, le=10**15, description="amount in minor units of the event's currency")]
BasisPoints = Annotated[int, Field(ge=0, le=10_000, description="1/10,000")]
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$", description="a stable machine-readable code")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, lower-case hex")]
Moment = Annotated[AwareDatetime, Field(description="UTC")]
TimeZone = Annotated[str, Field(max_length=64, description="IANA time zone name")]
PackName = Annotated[str, Field(max_length=96, description="rule pack, name@version")]
