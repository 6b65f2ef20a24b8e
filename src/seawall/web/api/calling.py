"""What a call is given: for whom the program acts, with their workspace."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends
from starlette.requests import Request

from seawall.casebook.rules import Act
from seawall.web.refusals import Hidden

if TYPE_CHECKING:
    from seawall.casebook.tokens import Token
    from seawall.web.console import Console
    from seawall.workspace import Workspace


class Calling:
    """One call.

    Args:
        console: what is called.
        request: the request itself.
        token: in whose name, and within which scopes.
        sent: the body as it came.
    """

    def __init__(self, console: Console, request: Request, token: Token, sent: bytes) -> None:
        self.console = console
        self.request = request
        self.token = token
        self.sent = sent

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, acting as the person whose token it is."""
        return self.console.acting_as(self.token.name)

    def may(self, act: Act) -> bool:
        """Whether both the person's role and the token allow an act."""
        return act in self.token.scopes

    def need(self, act: Act) -> None:
        """Go on only where an act is allowed.

        Raises:
            Hidden: it is not.
        """
        if not self.may(act):
            raise Hidden


def _calling(request: Request) -> Calling:
    calling: Calling = request.state.calling
    return calling


Called = Annotated[Calling, Depends(_calling)]
"""The type of a handler's parameter: ``def cases(calling: Called) -> Shape``."""
