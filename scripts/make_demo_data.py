"""Make the demonstration's data from the shared data: python scripts/make_demo_data.py SHARED_DATA.

Nicknames, e-mail addresses, hosts and addresses are replaced before anything is written; the table that
replaced them is made with a random key and thrown away.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import secrets
import sys
from pathlib import Path

import pyarrow.parquet as pq

TARGET = Path(__file__).resolve().parent.parent / "src" / "seawall" / "demo" / "data"
CHAT_FILES = ("2011-04-14.train-c", "2011-04-17.train-c", "2011-04-28.train-a")
ADDRESS = re.compile(
    r"(?i)\b(?:https?|ftp|irc)://\S+|\bwww\.\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|edu|info|us|uk|de|fr)\b\S*"
)
CRISIS = "2013_Singapore_haze"
HANDLE = re.compile(r"[@＠]\s?\w+")
EMAIL = re.compile(r"\S+@\S+")
NUMERIC_HOST = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")


def shares(source: Path) -> None:
    """The share table of CooRTweet, whose ids its authors hashed; compressed anew."""
    table = pq.read_table(source / "coordination" / "russian_coord_tweets.parquet")
    pq.write_table(table, TARGET / "shares.parquet", compression="zstd", compression_level=19)


def chat(source: Path) -> None:
    """Some hours of a public help channel, without the people."""
    lines = []
    with gzip.open(source / "interactions" / "ubuntu_irc.ndjson.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row["file"] in CHAT_FILES and row["kind"] == "message":
                lines.append(row)
    nicks = {row["nick"] for row in lines}
    order = sorted(nicks, key=lambda _: secrets.randbits(64))
    names = {nick.casefold(): f"member{number:03d}" for number, nick in enumerate(order, start=1)}
    words = sorted((nick for nick in names if len(nick) >= 3), key=len, reverse=True)
    known = re.compile(r"(?<![\w\[\]|^-])(?:" + "|".join(map(re.escape, words)) + r")(?![\w\[\]|^-])", re.IGNORECASE)
    with gzip.GzipFile(TARGET / "chat.ndjson.gz", "wb", compresslevel=9, mtime=0) as packed:
        out = io.TextIOWrapper(packed, encoding="utf-8")
        for row in lines:
            text = EMAIL.sub("[email]", ADDRESS.sub("https://example.org/", NUMERIC_HOST.sub("192.0.2.1", row["text"])))
            text = known.sub(lambda match: names[match.group().casefold()], text)
            told = {"channel": "help", "time": row["time"], "nick": names[row["nick"].casefold()], "text": text}
            out.write(json.dumps(told, ensure_ascii=False) + "\n")
        out.flush()
        out.detach()


def crisis(source: Path) -> None:
    """Tweets about the haze of 2013 in Singapore; ids become numbers, names and addresses are replaced."""
    table = pq.read_table(source / "surges" / "crisislex" / "t26_dev.parquet").to_pylist()
    rows = sorted((row for row in table if row["event"] == CRISIS), key=lambda row: (row["timestamp"], row["tweet_id"]))
    with gzip.GzipFile(TARGET / "haze.csv.gz", "wb", compresslevel=9, mtime=0) as packed:
        out = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        table_writer = csv.writer(out)
        table_writer.writerow(["id", "created_at", "text"])
        for number, row in enumerate(rows, start=1):
            text = ADDRESS.sub(
                "https://example.org/", EMAIL.sub("[email]", HANDLE.sub("@[account]", row["text"] or ""))
            )
            table_writer.writerow([number, row["timestamp"].isoformat(), text])
        out.flush()
        out.detach()


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    shares(Path(sys.argv[1]))
    chat(Path(sys.argv[1]))
    crisis(Path(sys.argv[1]))
