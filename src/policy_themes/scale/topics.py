"""Topics of a stored corpus by MLlib's LDA, their sizes found part by part.

The model is fitted by expectation maximisation on all units, or, of very many,
on those of documents drawn by their identifiers; the priors are those of one
machine. The proportions of every document are then found by the function that
one machine uses for held-out text, so that no document needs to have been in
the fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import scipy.sparse as sp

from policy_themes.corpus.source import compared_part
from policy_themes.corpus.stored import PART, load_part
from policy_themes.errors import InsufficientDataError
from policy_themes.progress import say
from policy_themes.scale.engine import as_pandas
from policy_themes.scale.parts import Parts
from policy_themes.scale.setup import Setup
from policy_themes.scale.spark import Spark
from policy_themes.scale.words import Vocabulary, unit_file, vocabulary
from policy_themes.schema import conform
from policy_themes.store.files import write_atomic
from policy_themes.store.table_file import parquet_bytes
from policy_themes.text.units import Language
from policy_themes.topics.fit import check_sizes, default_k
from policy_themes.topics.inference import proportions
from policy_themes.topics.prevalence import METHOD
from policy_themes.topics.records import Matrix, TopicFit, TopicSpec
from policy_themes.topics.tables import doc_topics, document_gamma, topic_terms

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

# Expectation maximisation adds one to each prior; what remains is what the sampler of one machine is given.
ALPHA, ETA, ROUNDS = 1.1, 1.05, 100
# Of more documents than this, so many are drawn for the fit.
MOST_FITTED = 200_000
# A round over fewer units costs more than it gives.
UNITS_TOGETHER = 10_000
NO_INTERVAL = "none: intervals are made on one machine"
GROUPS = ("year", "region_code")
KNOWN = pa.schema([("part", pa.int32()), ("unit", pa.int64()), ("words", pa.list_(pa.string()))])
SIZES = pa.schema(
    [("by", pa.string()), ("group", pa.string()), ("topic", pa.int64()), ("n_docs", pa.int64()), ("n_passages", pa.int64()),
     ("total", pa.float64()), ("low", pa.float64()), ("high", pa.float64())]
)  # fmt: skip


@dataclass(frozen=True)
class Fitted:
    """Topic tables of one language; ``doc_topics`` lies in a folder, in parts."""

    topic_terms: pd.DataFrame
    topic_prevalence: pd.DataFrame
    doc_topics: Path


def topic_tables(
    engine: Spark, parts: Parts, setup: Setup, place: Path, *, k: int | None = None
) -> Mapping[Language, Fitted]:
    """
    Fit the topics of every language that has enough text.

    Parameters
    ----------
    engine : Spark
    parts : Parts
    setup : Setup
    place : Path
        An empty folder for what is in between, seen by every worker.
    k : int, optional
        Number of topics.

    Returns
    -------
    mapping of language to Fitted
        The most frequent language first.

    Raises
    ------
    InsufficientDataError
        If no language has enough.
    UsageError
        If K is too large.
    """
    say("cutting into words …")
    found = vocabulary(engine, parts, setup, place / "words")
    made: dict[Language, Fitted] = {}
    failures: list[InsufficientDataError] = []
    for language in found.languages:
        try:
            made[language] = _fitted(engine, parts, setup, place, found, language, k)
        except InsufficientDataError as error:
            failures.append(error)
    if not made:
        raise failures[0]
    return made


def _fitted(
    engine: Spark, parts: Parts, setup: Setup, place: Path, found: Vocabulary, language: Language, k: int | None
) -> Fitted:
    """Fit one language and find the proportions of its documents."""
    words, terms = str((place / "words").resolve()), found.terms[language]
    settings = setup.settings
    share = min(1.0, MOST_FITTED / max(1, found.documents[language]))
    known = engine.tables(partial(known_words, words, language, terms, share), parts.tasks, KNOWN)
    n_all, n_known = found.units[language], known.count()
    wanted = k or settings.topics.k or default_k(n_all)
    check_sizes(wanted, n_known, len(terms), f"{language} {settings.topics.unit}s")
    spec = TopicSpec(
        wanted,
        engine="spark",
        unit=settings.topics.unit,
        iterations=settings.topics.iterations or ROUNDS,
        seed=settings.seed,
    )
    say(f"fitting {spec.k} topics …")
    engine.session.sparkContext.setCheckpointDir(str((place / "checkpoints").resolve()))
    expected = _expected(known, n_known, terms, spec)
    order = np.argsort(-expected.sum(axis=1), kind="stable")
    beta = expected[order] + (ETA - 1)
    beta /= beta.sum(axis=1, keepdims=True)
    n_words = expected[order].sum(axis=1)
    whole = TopicFit(
        beta=beta, gamma=(n_words / n_words.sum())[None, :], n_tokens=np.array([round(n_words.sum())], np.int64), terms=terms,
        doc_ids=("",), passages=(-1,), language=language, spec=spec,
    )  # fmt: skip
    model = place / f"model-{language}"
    model.mkdir()
    whole.save(model)
    target = place / f"doc_topics-{language}"
    work = partial(sizes_of_part, setup.text, parts.place, words, str(model.resolve()), str(target.resolve()))
    return Fitted(topic_terms(whole), _prevalence(engine, work, parts, language), target)


def _expected(known: "DataFrame", n_known: int, terms: tuple[str, ...], spec: TopicSpec) -> Matrix:
    """
    Return how often each term is expected to be of each topic, shape (k, n_terms).

    Where the fit begins hangs on which units lie together in what order: that
    follows from their number, never from the workers.
    """
    from pyspark.ml.clustering import LDA
    from pyspark.ml.feature import CountVectorizerModel

    counter = CountVectorizerModel.from_vocabulary(list(terms), inputCol="words", outputCol="features")
    together = known.repartition(1 + n_known // UNITS_TOGETHER, "part").sortWithinPartitions("part", "unit")
    counts = counter.transform(together).select("features").cache()
    lda = LDA(
        k=spec.k,
        maxIter=spec.iterations,
        seed=spec.seed,
        optimizer="em",
        docConcentration=[ALPHA],
        topicConcentration=ETA,
    )
    found = np.ascontiguousarray(lda.fit(counts).topicsMatrix().toArray().T)
    counts.unpersist()
    return found


def _read(words: str, language: Language, task: str) -> tuple[list[str], list[list[str]]]:
    """Return the documents and the words of a part's units of one language."""
    import pyarrow.parquet as pq

    table = pq.read_table(unit_file(words, task), filters=[("language", "=", language)])
    return table.column("doc_id").to_pylist(), table.column("words").to_pylist()


def known_words(words: str, language: Language, terms: tuple[str, ...], share: float, task: str) -> pd.DataFrame:
    """Return the known words of the units of a part that take part in a fit; a document is drawn by its identifier."""
    vocabulary, below = frozenset(terms), int(share * 16**8)
    doc_ids, spelled = _read(words, language, task)
    drawn = [own for doc_id, own in zip(doc_ids, spelled, strict=True) if share >= 1 or int(doc_id[:8], 16) < below]
    kept = [known for own in drawn if (known := [word for word in own if word in vocabulary])]
    return pd.DataFrame({"part": int(task), "unit": range(len(kept)), "words": pd.Series(kept, dtype=object)})


def sizes_of_part(setup: str, place: str, words: str, model: str, target: str, task: str) -> pd.DataFrame:
    """Write ``doc_topics`` of one part, and return what its documents add to each group, in the columns of `SIZES`."""
    given, fitted = Setup.of_text(setup), TopicFit.load(Path(model))
    doc_ids, spelled = _read(words, fitted.language, task)
    file = Path(target, PART.format(int(task)))
    if not doc_ids:
        write_atomic(file, parquet_bytes(conform([], "doc_topics")))
        return pd.DataFrame(columns=SIZES.names)
    counts = _counted(spelled, fitted.terms)
    n_tokens = np.asarray(counts.sum(axis=1)).ravel().astype(np.int64)
    gamma = np.where(n_tokens[:, None] > 0, proportions(fitted.beta, counts), np.nan)
    fit = TopicFit(
        beta=fitted.beta, gamma=gamma, n_tokens=n_tokens, terms=fitted.terms, doc_ids=tuple(doc_ids),
        passages=tuple(range(len(doc_ids))), language=fitted.language, spec=fitted.spec,
    )  # fmt: skip
    write_atomic(file, parquet_bytes(doc_topics(fit)))
    documents = compared_part(load_part(Path(place), int(task)), given.settings, given.regions).documents
    return _sums(document_gamma(fit).dropna(), pd.Series(doc_ids).value_counts(), documents)


def _counted(spelled: list[list[str]], terms: tuple[str, ...]) -> sp.csr_array:
    """Count the known words of each unit."""
    places = {term: number for number, term in enumerate(terms)}
    found = [[places[word] for word in own if word in places] for own in spelled]
    numbers = np.array([number for own in found for number in own], dtype=np.int64)
    of_row = np.repeat(np.arange(len(found)), [len(own) for own in found])
    counts = sp.csr_array(sp.coo_array((np.ones(len(numbers)), (of_row, numbers)), shape=(len(found), len(terms))))
    counts.sum_duplicates()
    return counts


def _sums(wide: pd.DataFrame, n_passages: pd.Series, documents: pd.DataFrame) -> pd.DataFrame:
    """Add up the proportions of documents by year and by region."""
    groups = documents.set_index("doc_id")[list(GROUPS)]
    long = wide.rename_axis("doc_id").reset_index().melt("doc_id", var_name="topic", value_name="gamma")
    long["n_passages"] = long["doc_id"].map(n_passages)
    made = []
    for by in GROUPS:
        own = long.assign(by=by, group=long["doc_id"].map(groups[by]).astype("str")).dropna(subset=["group"])
        made.append(
            own.groupby(["by", "group", "topic"])
            .agg(n_docs=("gamma", "size"), n_passages=("n_passages", "sum"), total=("gamma", "sum"), low=("gamma", "min"), high=("gamma", "max"))
            .reset_index()
        )  # fmt: skip
    return pd.concat(made, ignore_index=True)


def _prevalence(engine: Spark, work: "partial[pd.DataFrame]", parts: Parts, language: Language) -> pd.DataFrame:
    """Return table ``topic_prevalence`` from the sums of all parts."""
    from pyspark.sql import functions as sql

    sums = engine.tables(work, parts.tasks, SIZES).groupBy("by", "group", "topic").agg(
        *(sql.sum(name).alias(name) for name in ("n_docs", "n_passages", "total")), sql.min("low").alias("low"), sql.max("high").alias("high"),
    )  # fmt: skip
    table = as_pandas(sums.toArrow())
    order = table["by"].map({name: number for number, name in enumerate(GROUPS)})
    table = table.assign(order=order).sort_values(["order", "group", "topic"])
    table["prevalence"] = table["total"] / table["n_docs"].astype(float)
    several = table["n_docs"] > 1
    table["low"], table["high"] = table["low"].where(several), table["high"].where(several)
    return conform(table.assign(method=METHOD, language=language, interval=NO_INTERVAL), "topic_prevalence")
