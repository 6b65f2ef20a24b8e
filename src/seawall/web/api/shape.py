"""What the interface takes and gives: JSON objects with exactly the fields that its document names."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Generic, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

MOST_ROWS = 200
USUAL_ROWS = 50
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Shape(BaseModel):
    """An object of the interface. A field that it does not know is refused."""

    model_config = ConfigDict(from_attributes=True, extra="forbid", frozen=True)

    @classmethod
    def made_of(cls, told: object) -> Self:
        """The fields of this shape out of an object that has them as attributes."""
        return cls.model_validate(told, from_attributes=True)


Row = TypeVar("Row", bound=Shape)


class Listed(Shape, Generic[Row]):
    """A page of a list."""

    rows: list[Row]
    next: str | None = Field(description="Give it as `after` to have the next page; null = this is the last one.")


class Counted(Listed[Row], Generic[Row]):
    """A page of a list, and how many rows all its pages have together."""

    total: int


class Paging(Shape):
    """Which part of a list."""

    limit: int = Field(USUAL_ROWS, ge=1, le=MOST_ROWS, description="So many rows at most.")
    after: str | None = Field(None, max_length=400, description="The `next` of the page before.")


def _plain(told: object) -> object:
    """One kind of line break, no NUL, no half of a surrogate pair: what the forms of the console keep too."""
    if not isinstance(told, str):
        return told
    text = told.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    return text.encode("utf-8", "replace").decode("utf-8")


def _within(at: datetime) -> datetime:
    if not EARLIEST <= at < LATEST:
        raise ValueError("a time lies between 1970 and 2200")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_within)]
"""A time with its zone, as 2026-05-31T14:05:00Z."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), BeforeValidator(_plain)]
"""Something that a person states: never empty."""

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000), BeforeValidator(_plain)]
"""Something that a person may add."""

Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4096), BeforeValidator(_plain)]
"""Something that is to be found: an address, a word, a hash."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,40}$")]
"""The id of something that Seawall keeps, as C-7K2Q9."""

Name = Annotated[str, StringConstraints(max_length=300), BeforeValidator(_plain)]
"""A name that was told elsewhere: of a detector, a platform, a channel, a list."""


class Span(Shape):
    """A part of time."""

    start: Moment | None = Field(None, description="What is or ends at this time or later.")
    end: Moment | None = Field(None, description="What is or begins before this time.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError("the end is not after the start")
        return self


class Numbered(Shape):
    """How many there are of something."""

    name: str
    count: int
