"""``python -m seawall``, and the program ``seawall``."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder

from seawall.cli import main


class WithoutPandas(MetaPathFinder):
    """Keeps pandas out of the program.

    pyarrow loads it, where it is installed, only to ask of a list whether it is one of its columns: half a second of
    every command, and none of them uses it. PySpark insists on it, so it may come with the engine that needs that.
    """

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Say of pandas that it is not there, and leave everything else to others."""
        if name == "pandas" and "seawall.engine.spark" not in sys.modules:
            raise ModuleNotFoundError("No command of Seawall uses pandas.", name=name)


def program() -> None:
    """Run the command line as a program of its own."""
    sys.meta_path.insert(0, WithoutPandas())
    main()


if __name__ == "__main__":
    program()
