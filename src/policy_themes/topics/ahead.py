"""A fit and those that it is matched with, begun before they are asked for: themes are counted and drawn meanwhile.

They are made by the processes of `many`, so that neither who makes them nor when
changes a byte. Half of the machine is theirs, the other half of those who ask.
"""

import os
from collections.abc import Collection
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from policy_themes.topics.fit import Progress, iterations_of
from policy_themes.topics.many import WORTHWHILE, Fitters, Job
from policy_themes.topics.records import ENGINES, Matrix, TopicFit, TopicSpec
from policy_themes.topics.refits import refit_jobs
from policy_themes.vectorize.counts import DocTerm


def worth_beginning(docterm: DocTerm, spec: TopicSpec) -> bool:
    """
    Tell whether a fit is worth a process of its own, and needs nothing but counts.

    Examples
    --------
    >>> import scipy.sparse as sp
    >>> texts = DocTerm(sp.csr_array([[900_000, 0], [0, 1]]), ("a", "b"), ("x", "y"), (-1, -1), "en")
    >>> [worth_beginning(texts, TopicSpec(2, engine=engine)) for engine in ("tomotopy", "seeded")]
    [True, False]
    """
    if spec.engine not in ENGINES or (os.cpu_count() or 1) == 1:
        return False
    return iterations_of(docterm, spec) * int(docterm.counts.sum()) >= WORTHWHILE


class Begun:
    """
    A fit that is being made, and the shorter ones that it is matched with.

    Parameters
    ----------
    docterm : DocTerm
    spec : TopicSpec
        With its iterations.
    wanted : collection of {"topics", "refits"}
        Which of them.
    """

    def __init__(self, docterm: DocTerm, spec: TopicSpec, wanted: Collection[str]) -> None:
        self._docterm, self._spec = docterm, spec
        first = [Job(spec, whole=True)] if "topics" in wanted else []
        jobs = [*first, *(refit_jobs(docterm, spec) if "refits" in wanted else ())]
        workers = max(1, min(len(jobs), (os.cpu_count() or 1) // 2))
        self._pool = ThreadPoolExecutor(workers)
        self._crew = Fitters(docterm, workers)
        asked: list[Future[Matrix]] = [self._pool.submit(self._crew.serve, job) for job in jobs]
        self._shown, self._others = asked[: len(first)], asked[len(first) :]

    def fit(self, progress: Progress) -> TopicFit:
        """Return the fit when it is there."""
        (found,) = (asked.result() for asked in progress(self._shown))
        texts, n_terms = self._docterm, len(self._docterm.terms)
        return TopicFit(
            beta=np.ascontiguousarray(found[:, :n_terms]),
            gamma=np.ascontiguousarray(found[:, n_terms:].T),
            n_tokens=np.asarray(texts.counts.sum(axis=1)).ravel().astype(np.int64),
            terms=texts.terms,
            doc_ids=texts.doc_ids,
            passages=texts.passages,
            language=texts.language,
            spec=self._spec,
        )

    def refits(self, progress: Progress) -> list[Matrix]:
        """Return the topics of the others when they are there."""
        found = [asked.result() for asked in progress(self._others)]
        if all(asked.done() for asked in self._shown):
            self.end()  # whoever asks for these has the fit, and the processes hold memory
        return found

    def end(self) -> None:
        """End the processes, whatever they are doing."""
        self._crew.stopped = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._crew.end()
