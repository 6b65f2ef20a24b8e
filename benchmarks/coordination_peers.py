"""What others report as coordinated on the same shares: fixed thresholds, and null models that forget something."""

from __future__ import annotations

import contextlib
import io
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import scipy.sparse as sp
from scipy.stats import hypergeom, poisson

from seawall.measures import coordination
from seawall.measures.coshare.bicm import fit
from seawall.measures.coshare.discovery import false_discovery

Pairs = set[tuple[Any, Any]]

WINDOW = 60
Q = 0.05


def ours(shares: pa.Table) -> Pairs:
    """Seawall's edges that chance does not explain."""
    edges = coordination(shares, window=WINDOW, significance=True).edges
    return pairs(edges.filter(pa.array(edges["q"].to_numpy() <= Q)))


def pairs(edges: pa.Table) -> Pairs:
    """The pairs of a table of edges, the smaller id first."""
    both = zip(edges["source"].to_pylist(), edges["target"].to_pylist(), strict=True)
    return {(min(ends), max(ends)) for ends in both}


def toolkit_network(shares: pa.Table, least: int = 1) -> tuple[list[tuple[Any, Any, int]], float, float]:
    """coordination-network-toolkit: edges without self edges, seconds to load, seconds to compute and hand over."""
    from coordination_network_toolkit.compute_networks import compute_co_retweet_parallel
    from coordination_network_toolkit.preprocess import preprocess_data

    columns = [shares[name].to_pylist() for name in ("message", "account", "object", "at")]
    messages: Iterator[tuple[Any, ...]] = ((m, a, a, o, None, "", t, []) for m, a, o, t in zip(*columns, strict=True))
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        database = str(Path(folder) / "peer.db")
        start = time.perf_counter()
        preprocess_data(database, messages)
        loaded = time.perf_counter()
        threads = len(os.sched_getaffinity(0))
        compute_co_retweet_parallel(database, WINDOW, n_threads=threads, min_edge_weight=least)
        with contextlib.closing(sqlite3.connect(database)) as connection:
            query = "select user_1, user_2, weight from co_retweet_network where user_1 <> user_2"
            edges = connection.execute(query).fetchall()
        return edges, loaded - start, time.perf_counter() - loaded


def toolkit(shares: pa.Table) -> Pairs:
    """coordination-network-toolkit with at least two messages an edge, its usual threshold."""
    found, _, _ = toolkit_network(shares, least=2)
    return {(min(int(a), int(b)), max(int(a), int(b))) for a, b, _ in found}


def coortweet(shares: pa.Table) -> Pairs:
    """CooRTweet's ``detect_groups`` (two shares an account) and the nine tenths' quantile of weights."""
    edges = coordination(shares, window=WINDOW, min_repeats=2, compat="coortweet").edges
    weight = edges["weight"].to_numpy()
    return pairs(edges.filter(pa.array(weight > np.quantile(weight, 0.9)))) if len(weight) else set()


def incidence(shares: pa.Table) -> tuple[sp.csr_matrix, npt.NDArray[Any]]:
    """Which account (a row each) shared which object, and the accounts."""
    accounts, rows = np.unique(shares["account"].to_numpy(), return_inverse=True)
    things, columns = np.unique(shares["object"].to_numpy(), return_inverse=True)
    graph = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), (len(accounts), len(things)))
    graph.data[:] = 1.0
    return graph, accounts


def _above(matrix: sp.csr_matrix) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    upper = sp.triu(matrix, k=1).tocoo()
    return upper.row, upper.col, upper.data


def validated(shares: pa.Table) -> Pairs:
    """The statistically validated network of Tumminello and others (2011), of objects shared in time: drawn without
    regard to the objects' popularity."""
    graph, accounts = incidence(shares)
    edges = coordination(shares, window=WINDOW, min_repeats=1).edges
    first = np.searchsorted(accounts, edges["source"].to_numpy())
    second = np.searchsorted(accounts, edges["target"].to_numpy())
    degree = np.asarray(graph.sum(axis=1)).ravel()
    p = hypergeom.sf(edges["weight"].to_numpy() - 1, graph.shape[1], degree[first], degree[second])
    hypotheses = (graph @ graph.T).nnz - graph.shape[0]
    return pairs(edges.filter(pa.array(false_discovery(p, hypotheses // 2) <= Q)))


def cosine(shares: pa.Table) -> Pairs:
    """The most similar half per cent of pairs by the cosine of TF-IDF vectors of objects (Pacheco and others, 2021)."""
    graph, accounts = incidence(shares)
    rarity = np.log(graph.shape[0] / np.asarray(graph.sum(axis=0)).ravel())
    vectors = graph @ sp.diags(rarity)
    norms = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel())
    vectors = sp.diags(1 / np.where(norms > 0, norms, 1)) @ vectors
    first, second, similarity = _above((vectors @ vectors.T).tocsr())
    chosen = similarity > np.quantile(similarity, 0.995)
    return set(zip(accounts[first[chosen]].tolist(), accounts[second[chosen]].tolist(), strict=True))


def timed_configuration(shares: pa.Table) -> Pairs:
    """The timed configuration model: an account's chance to share times another's times the object's chance that two
    shares are in time; Poisson tail, Benjamini-Hochberg."""
    graph, accounts = incidence(shares)
    network = coordination(shares, window=WINDOW, min_repeats=1)
    edges = network.edges
    model = fit(np.asarray(graph.sum(axis=1)).ravel(), np.asarray(graph.sum(axis=0)).ravel())
    popularity = np.unique(np.asarray(graph.sum(axis=0)).ravel(), return_inverse=True)[1]
    weight = np.bincount(popularity, _in_time(shares), minlength=len(model.objects))
    first = model.account_class[np.searchsorted(accounts, edges["source"].to_numpy())]
    second = model.account_class[np.searchsorted(accounts, edges["target"].to_numpy())]
    expected = ((model.chances * weight) @ model.chances.T)[first, second]
    p = poisson.sf(edges["weight"].to_numpy() - 1, expected)
    hypotheses = ((graph @ graph.T).nnz - graph.shape[0]) // 2
    return pairs(edges.filter(pa.array(false_discovery(p, hypotheses) <= Q)))


def _in_time(shares: pa.Table) -> npt.NDArray[np.float64]:
    """Of each object's pairs of shares the part within the window; objects in rising order."""
    things, codes = np.unique(shares["object"].to_numpy(), return_inverse=True)
    at = np.asarray(shares["at"].to_numpy(), np.float64)
    order = np.lexsort((at, codes))
    codes, at = codes[order], at[order] - at.min()
    stretch = at + codes * (at.max() + 10 * WINDOW)
    near = np.searchsorted(stretch, stretch + WINDOW, side="right") - np.arange(len(at)) - 1
    counts = np.bincount(codes)
    return np.bincount(codes, near, minlength=len(things)) / np.maximum(counts * (counts - 1) / 2, 1)


PEERS = {
    "coordination-network-toolkit 1.5.2, two messages": toolkit,
    "CooRTweet's rule, weights above the .9 quantile": coortweet,
    "validated network (hypergeometric)": validated,
    "cosine of TF-IDF, top .5 %": cosine,
    "timed configuration model": timed_configuration,
}
