"""The command line: thin, every command calls the library.

Results go to stdout (``--json`` for machines), progress and messages to stderr.

Exit codes: 0 done; 1 done, and something was found wrong (``doctor``, ``audit verify``); 2 a wrong option or
configuration; 3 no workspace, or it is in use; 4 an input that could not be read to its end; 5 the disk
refused; 6 a rule of the casebook forbids it; 7 a server or a receiver does not answer, or refuses; 70 a fault of
Seawall itself; 130 interrupted.
"""

from __future__ import annotations

from seawall.cli.main import app, main

__all__ = ["app", "main"]
