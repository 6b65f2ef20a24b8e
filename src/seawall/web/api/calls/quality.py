"""How well people judge: agreement beyond chance with its interval, and golden cases."""

from __future__ import annotations

from pydantic import Field

from seawall.casebook.rules import Act
from seawall.model import Outcome
from seawall.web.api.calling import Called
from seawall.web.api.routes import Calls
from seawall.web.api.shape import Shape

MOST_PAIRS = 200

calls = Calls("Quality")


class ShareTold(Shape):
    """A count out of another, with Wilson's 95 % interval."""

    count: int
    of: int
    low: float | None
    high: float | None


class AgreementTold(Shape):
    """How often two people chose the same."""

    agreed: ShareTold
    expected: float | None
    kappa: float | None
    low: float | None
    high: float | None


class BlindPairTold(Shape):
    """A case that two people judged who did not know of one another."""

    case_id: str
    first: Outcome
    second: Outcome


class GoldenTold(Shape):
    """How often a person judged as was settled beforehand."""

    reviewer: str
    right: ShareTold


class QualityTold(Shape):
    """What is known of how well people judge."""

    agreement: AgreementTold
    pairs: list[BlindPairTold] = Field(description="The latest 200.")
    golden: list[GoldenTold]
    golden_cases: int


@calls.read("/quality", may=Act.READ_QUALITY, name="quality", answer=QualityTold)
def quality(calling: Called) -> QualityTold:
    """Agreement, and golden cases."""
    seen = calling.workspace.quality()
    return QualityTold(
        agreement=AgreementTold.made_of(seen.agreement),
        pairs=[BlindPairTold.made_of(one) for one in seen.pairs[:MOST_PAIRS]],
        golden=[GoldenTold.made_of(one) for one in seen.golden],
        golden_cases=seen.golden_cases,
    )
