"""A workspace whose lake lies in a bucket and whose casebook is on a server works as any other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import seawall
from seawall.errors import ConfigurationError, StorageError, WorkspaceError
from seawall.workspace.lake_place import bucket_settings
from tests.cli.running import run
from tests.docs.club import write_club
from tests.killed_ingest import batch
from tests.servers.moto import CREDENTIALS, MotoServer, running_moto
from tests.servers.postgresql import PASSWORD, PostgresServer, running_postgresql
from tests.servers.storage_proxy import running_proxy
from tests.workspace.live import CLUB, GARDEN


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoServer]:
    with running_moto() as server:
        yield server


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresServer]:
    with running_postgresql() as server:
        server.prepare()
        yield server


@pytest.fixture
def casebook(postgresql: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty database; its password and the storage's credentials are in the environment."""
    for name, value in {**CREDENTIALS, "SEAWALL_CASEBOOK_PASSWORD": PASSWORD}.items():
        monkeypatch.setenv(name, value)
    name = postgresql.new_database()
    yield postgresql.address(name, None)
    postgresql.drop(name)


def good(*command: object) -> str:
    """What a command says that succeeds."""
    said = run(*command)
    assert said.code == 0, said.err
    return said.out


def told(folder: Path) -> dict[str, object]:
    """What a workspace tells of the same export, but for its pseudonyms."""
    counted = json.loads(good("alerts", folder, "--json"))
    with seawall.open(folder) as workspace:
        return {
            "messages": sorted(workspace.messages()["text"].to_pylist()),
            "alerts": sorted((row["detector"], row["start"], row["severity"]) for row in counted),
        }


def test_every_command_works_on_a_lake_in_a_bucket(
    moto: MotoServer, casebook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From init to erasure and doctor, what comes out is what comes out of a folder; keys never leave this machine."""
    monkeypatch.chdir(tmp_path)
    write_club(tmp_path)
    bucket = moto.new_bucket()
    made = run(
        "init", f"s3://{bucket}/clubs/beds", "--casebook", casebook, "--endpoint", moto.endpoint, "--json"
    ).json  # fmt: skip
    assert made == {"workspace": "beds", "identities": "drop", "lake": f"s3://{bucket}/clubs/beds"}
    good("init", "here")
    for folder in ("here", "beds"):
        good("add", folder, "export.csv", "--visibility", "public", "--platform", "forum")
        good("detect", folder)
    assert told(Path("beds")) == told(Path("here"))
    for command in ("brief", "compact", "doctor"):
        good(command, "beds")
    with seawall.open("beds") as workspace:
        account = workspace.messages(["account_id"])["account_id"][0].as_py()
    good("export", "beds", "--subject", account, "--out", "person.json")
    good("erase", "beds", account, "--reason", "Asked for it.")
    good("expire", "beds", "--before", "2000-01-01")
    good("doctor", "beds")
    with seawall.open("beds") as workspace:
        assert account not in workspace.messages(["account_id"])["account_id"].to_pylist()
    kept = {path.relative_to("beds").parts[0] for path in Path("beds").rglob("*")}
    assert "lake" not in kept
    assert {"keys", "index", "seawall.json"} <= kept
    for path in Path("beds").rglob("*"):
        assert path.is_dir() or not any(value.encode() in path.read_bytes() for value in CREDENTIALS.values())


def test_live_batches_wait_in_the_journal_while_the_bucket_refuses(
    moto: MotoServer, casebook: str, tmp_path: Path
) -> None:
    """What was accepted is kept on this machine, more is accepted, and once it answers all of it is in the lake."""
    lake = f"s3://{moto.new_bucket()}/beds"
    with running_proxy(moto.port) as proxy:
        options = {"endpoint": proxy.endpoint}
        workspace = seawall.create(tmp_path / "beds", casebook=casebook, lake=lake, storage_options=options)
        with workspace.ingest() as ingest:
            ingest.accept(CLUB, GARDEN, [batch(0)])
            proxy.rule = lambda method, path: "403 AccessDenied" if method == "PUT" else None
            with pytest.raises(StorageError, match="no right"):
                ingest.flush()
            ingest.accept(CLUB, GARDEN, [batch(1)])
            proxy.rule = lambda method, path: None
            ingest.flush()
        here = seawall.create(tmp_path / "here")
        with here.ingest() as ingest:
            ingest.accept(CLUB, GARDEN, [batch(0)])
            ingest.accept(CLUB, GARDEN, [batch(1)])
        assert sorted(workspace.messages()["text"].to_pylist()) == sorted(here.messages()["text"].to_pylist())
        assert workspace.check() == []


def test_nothing_is_made_where_the_bucket_refuses(
    moto: MotoServer, casebook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No folder appears and no object stays, whenever during the making the storage begins to refuse."""
    monkeypatch.chdir(tmp_path)
    bucket = moto.new_bucket()
    with running_proxy(moto.port) as proxy:
        for puts in (0, 1, 4):
            seen: list[str] = []

            def rule(method: str, path: str, seen: list[str] = seen, puts: int = puts) -> str | None:
                seen.extend([path] if method == "PUT" else [])
                return "403 AccessDenied" if method == "PUT" and len(seen) > puts else None

            proxy.rule = rule
            said = run("init", f"s3://{bucket}/beds", "--casebook", casebook, "--endpoint", proxy.endpoint)
            assert said.code == StorageError.exit_code
            assert "no right" in said.err
            assert list(tmp_path.iterdir()) == []
            assert b"<Key>" not in moto.ask("GET", f"/{bucket}?list-type=2")


def test_a_prefix_belongs_to_one_workspace(moto: MotoServer, casebook: str, tmp_path: Path) -> None:
    """A second workspace there is refused, and so is one in a folder that is not empty, which leaves no claim."""
    bucket = moto.new_bucket()
    options = {"endpoint": moto.endpoint}
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("sow peas")
    with pytest.raises(WorkspaceError, match="not empty"):
        seawall.create(tmp_path / "full", casebook=casebook, lake=f"s3://{bucket}/beds", storage_options=options)
    assert b"<Key>" not in moto.ask("GET", f"/{bucket}?list-type=2")
    bucket_made = bucket_settings(f"s3://{bucket}/beds", options)
    assert bucket_made.endpoint == moto.endpoint
    from seawall.workspace.lake_place import claimed

    with claimed(bucket_made):
        pass
    with pytest.raises(WorkspaceError, match="Something lies"):
        seawall.create(tmp_path / "second", casebook=casebook, lake=f"s3://{bucket}/beds", storage_options=options)
    assert not (tmp_path / "second").exists()


def test_a_lake_in_a_bucket_asks_for_a_casebook_on_a_server(tmp_path: Path) -> None:
    """The error names the option, and nothing is made."""
    said = run("init", "s3://clubs/beds", tmp_path / "beds")
    assert said.code == 2
    assert "--casebook" in said.err
    assert not (tmp_path / "beds").exists()


@pytest.mark.parametrize(
    ("address", "options"),
    [
        ("s3://clubs", {}),
        ("s3://ab/beds", {}),
        ("s3://clubs/../beds", {}),
        ("s3://rosa:thorn-secret@clubs/beds", {}),
        ("s3://clubs/beds?key=thorn-secret", {}),
        ("gs://clubs/beds", {}),
        ("s3://clubs/beds", {"endpoint": "http://storage.example"}),
        ("s3://clubs/beds", {"endpoint": "https://rosa:thorn-secret@storage.example"}),
        ("s3://clubs/beds", {"endpoint": "storage.example"}),
        ("s3://clubs/beds", {"endpoint": "https://storage.example:port"}),
        ("s3://clubs/beds", {"region": "Here, please"}),
        ("s3://clubs/beds", {"aws_secret_access_key": "thorn-secret"}),
    ],
)
def test_what_cannot_work_is_told_without_secrets(address: str, options: dict[str, object]) -> None:
    """Addresses and options that are none are refused before anything is asked, and never repeated."""
    with pytest.raises(ConfigurationError) as error:
        bucket_settings(address, options)
    assert error.value.mend
    assert "thorn-secret" not in str(error.value)


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ({"endpoint": "http://127.0.0.1:9000/"}, ("http://127.0.0.1:9000", True)),
        ({"endpoint": "https://storage.example"}, ("https://storage.example", False)),
        ({"endpoint": "http://storage.example", "allow_http": True}, ("http://storage.example", True)),
        ({}, (None, False)),
    ],
)
def test_plain_http_is_for_this_machine_unless_allowed(given: dict[str, object], held: tuple[str | None, bool]) -> None:
    """An endpoint elsewhere is encrypted, or said to be allowed without."""
    settings = bucket_settings("s3://clubs/beds", given)
    assert (settings.endpoint, settings.allow_http) == held


def test_other_schemes_and_second_names_are_told() -> None:
    """A storage that does not speak S3 is no folder's name, and a folder has no second name."""
    assert "S3" in run("init", "gs://clubs/beds").err
    assert "s3://" in run("init", "club", "beds").err


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without obstore, the extra that brings it is told."""
    monkeypatch.setattr("seawall.workspace.lake_place.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"seawall\[objects\]"):
        bucket_settings("s3://clubs/beds", {})
