"""How fast the measure of funnels streams, and how much memory ten million interactions take."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.table import Row

MILLIONS, ACCOUNTS = 10, 1_000_000
WRITE = """
import sys
import pyarrow.parquet as pq
from seawall.simulate import background
table = background(1, accounts=int(sys.argv[2]), days=60, interactions=int(sys.argv[3]))
columns = ["at", "kind", "source", "target", "contact_kind", "contact_key", "reply_key", "channel"]
pq.write_table(table.select(columns), sys.argv[1])
"""
STREAM = """
import sys, time
from pathlib import Path
import pyarrow.parquet as pq
from seawall.measures import FunnelStream
for attempt in range(2):
    stream, rows, busy = FunnelStream(), 0, 0.0
    for batch in pq.ParquetFile(sys.argv[1]).iter_batches(50_000):
        begin = time.perf_counter()
        stream.add(batch)
        busy += time.perf_counter() - begin
        rows += len(batch)
        if attempt == 0 and rows >= 100_000:
            break
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
begin = time.perf_counter()
hubs = len(stream.hubs())
print(rows, busy, peak, time.perf_counter() - begin, hubs)
"""


def speed() -> list[Row]:
    """Ten million interactions among a million accounts, read from a file in batches, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "interactions.parquet")
        numbers = [str(ACCOUNTS), str(MILLIONS * 1_000_000)]
        subprocess.run([sys.executable, "-c", WRITE, path, *numbers], check=True)
        done = subprocess.run([sys.executable, "-c", STREAM, path], stdout=subprocess.PIPE, text=True, check=True)
    rows, busy, kibibytes, listing, hubs = (float(part) for part in done.stdout.split())
    note = f"{rows / 1e6:.1f}M interactions, {ACCOUNTS:,} accounts, batches of 50,000, one core, state included"
    listed = f"the list of {hubs:,.0f} accounts that approached anybody, after that, {listing:.1f} s"
    return [
        Row("streaming funnels", rows / busy / 1000, "k interactions/s", ">= 200", note=note),
        Row("peak memory of streaming funnels", kibibytes / 2**20, "GiB", "<= 2", note=f"{note}; {listed}"),
    ]
