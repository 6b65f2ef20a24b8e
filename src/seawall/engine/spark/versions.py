"""What a worker has installed. Spark sends this file's function whole: it must work where Seawall is missing."""

from __future__ import annotations


def versions() -> dict[str, str]:
    """What decides whether two machines compute the same: Python, numeric libraries, and Seawall's own sources.

    Nothing of Seawall is imported.

    Returns:
        name -> version, or "missing"; for "sources" the beginning of the SHA-256 over all modules of the package.
    """
    import hashlib
    import importlib.metadata
    import importlib.util
    import pathlib
    import sys

    found = {"Python": "{}.{}".format(*sys.version_info[:2])}
    for name in ("numba", "numpy", "pyarrow", "scipy"):
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "missing"
    package = importlib.util.find_spec("seawall")
    if package is None or package.origin is None:
        return {**found, "Seawall": "missing", "sources": "missing"}
    folder = pathlib.Path(package.origin).parent
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    told = [line for line in (folder / "__init__.py").read_text().splitlines() if line.startswith("__version__")]
    return {**found, "Seawall": told[0].split('"')[1] if told else "unknown", "sources": whole.hexdigest()[:12]}
