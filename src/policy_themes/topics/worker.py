"""The process in which topic models are fitted beside others.

It is started by `many` as ``python -m policy_themes.topics.worker``. Messages
have their length before them: the counts as npz without objects, then wanted
fits in JSON, each answered by the bytes of its topics (and proportions, where they are asked for).
"""

import json
from io import BytesIO

import numpy as np
import scipy.sparse as sp

from policy_themes.store.process import get, own_pipes, put
from policy_themes.topics.many import Job
from policy_themes.topics.records import TopicSpec
from policy_themes.vectorize.counts import DocTerm


def main() -> None:
    """Serve until nothing more is wanted."""
    given, answers = own_pipes()
    with np.load(BytesIO(get(given) or b""), allow_pickle=False) as arrays:
        parts = (arrays["data"], arrays["indices"], arrays["indptr"])
        counts = sp.csr_array(parts, shape=tuple(arrays["shape"].tolist()))
    n_units, n_terms = counts.shape
    # Names are of no matter to a fit.
    texts = DocTerm(counts, ("",) * n_terms, ("",) * n_units, (-1,) * n_units, "zh")
    while message := get(given):
        wanted = json.loads(message)
        found = Job(TopicSpec.of(wanted["spec"]), wanted["deal"], wanted["whole"]).run(texts)
        put(answers, np.ascontiguousarray(found).tobytes())


if __name__ == "__main__":
    main()
