"""Many fits to the same texts, in several processes where that is worth it.

Each process is `policy_themes.topics.worker`. Which process makes a fit makes
no difference to it; one that dies costs time only: its fit is made here. They
know counts only, so engines that need documents' columns or keywords fit here.
"""

import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from io import BytesIO

import numpy as np
import pandas as pd

from policy_themes.store.crew import Crew
from policy_themes.topics.every import fit_any
from policy_themes.topics.fit import Progress
from policy_themes.topics.records import ENGINES, Matrix, TopicSpec
from policy_themes.topics.stability import shuffled
from policy_themes.vectorize.counts import DocTerm

# They start from singular vectors or anchor words, so a seed changes nothing, on noise neither; other texts of the same
# kind do.
SEEDLESS = frozenset({"gensim", "nmf", "structural"})
NO_COLUMNS = pd.DataFrame({"doc_id": pd.Series(dtype=object)})
# Starting a process costs more than it gives where fewer words are drawn.
WORTHWHILE, MOST = 100_000_000, 8


@dataclass(frozen=True)
class Job:
    """
    A fit that is wanted.

    Attributes
    ----------
    spec : TopicSpec
    deal : int or None
        Seed with which the words are dealt out anew before; None: the texts as they are.
    whole : bool
        Whether all texts are fitted, whatever the engine, and their proportions stand beside the words of each topic.
    """

    spec: TopicSpec
    deal: int | None = None
    whole: bool = False

    def run(self, docterm: DocTerm, documents: pd.DataFrame = NO_COLUMNS) -> Matrix:
        """Return the topics, shape (k, n_terms), or (k, n_terms + n_units)."""
        texts = docterm if self.deal is None else shuffled(docterm, seed=self.deal)
        if self.spec.engine in SEEDLESS and not self.whole:
            texts = half(texts, seed=self.spec.seed)
        found = fit_any(texts, self.spec, documents)
        return np.hstack([found.beta, found.gamma.T]) if self.whole else found.beta


def half(docterm: DocTerm, *, seed: int) -> DocTerm:
    """
    Return a random half of the texts.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> texts = DocTerm(sp.csr_array(np.eye(4, dtype=int)), tuple("abcd"), tuple("wxyz"), (-1,) * 4, "en")
    >>> len(half(texts, seed=1).doc_ids)
    2
    """
    n_units = docterm.counts.shape[0]
    return docterm.rows(np.sort(np.random.default_rng(seed).permutation(n_units)[: -(-n_units // 2)]))


def default_workers(docterm: DocTerm, jobs: Sequence[Job]) -> int:
    """Return how many processes the fits are worth."""
    rounds = sum(job.spec.iterations or 0 for job in jobs)
    worthwhile = rounds * int(docterm.counts.sum()) >= WORTHWHILE
    return min(os.cpu_count() or 1, MOST, len(jobs)) if worthwhile else 1


def fit_many(
    docterm: DocTerm,
    jobs: Sequence[Job],
    *,
    documents: pd.DataFrame = NO_COLUMNS,
    workers: int,
    progress: Progress = iter,
) -> list[Matrix]:
    """
    Make fits.

    Parameters
    ----------
    docterm : DocTerm
    jobs : sequence of Job
    documents : DataFrame, optional
        ``doc_id`` and the columns that a formula may name.
    workers : int
        Processes; with one, everything happens here.
    progress : callable
        Wraps the fits.

    Returns
    -------
    list of ndarray of shape (k, n_terms)
        In the order of the jobs.
    """
    if workers == 1 or any(job.spec.engine not in ENGINES for job in jobs):
        return [job.run(docterm, documents) for job in progress(jobs)]
    crew = Fitters(docterm, workers)
    with ThreadPoolExecutor(workers) as pool:
        try:
            asked = [pool.submit(crew.serve, job) for job in jobs]
            return [job.result() for job in progress(asked)]
        except BaseException:
            crew.stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            crew.end()


class Fitters:
    """
    Processes that know the texts; each makes one fit at a time.

    Parameters
    ----------
    docterm : DocTerm
    workers : int
    """

    def __init__(self, docterm: DocTerm, workers: int) -> None:
        self.stopped = False
        self._docterm = docterm
        packed, counts = BytesIO(), docterm.counts
        np.savez(packed, indptr=counts.indptr, indices=counts.indices, data=counts.data, shape=counts.shape)
        self._crew = Crew("policy_themes.topics.worker", packed.getvalue(), workers)

    def serve(self, job: Job) -> Matrix:
        """Have a process make a fit, or make it here if it fails."""
        try:
            answer = self._crew.ask(json.dumps(asdict(job)).encode())
            return np.frombuffer(answer, np.float64).reshape(job.spec.k, -1)
        except (OSError, EOFError, ValueError):
            if self.stopped:
                raise
            return job.run(self._docterm)

    def end(self) -> None:
        """End all of them."""
        self._crew.end()
