"""The process in which a part of a large corpus is cut.

It is started by `parallel` as ``python -m policy_themes.tokenize.worker``.
Messages have their length before them: a setup in JSON, then texts, the first
two bytes their language, each answered by the numbers of its surfaces; an
empty one is answered by what was found out on the way, in JSON.
"""

import json
from typing import cast

from policy_themes.store.process import get, own_pipes, put
from policy_themes.text.units import LANGUAGES, Language
from policy_themes.tokenize.batch import BatchCutter
from policy_themes.tokenize.dictionary import UserDictionary


def main() -> None:
    """Serve until there is no more text."""
    given, answers = own_pipes()
    setup = json.loads(get(given) or b"{}")
    words = tuple((word, frequency) for word, frequency in setup["words"])
    cutter = BatchCutter(UserDictionary(words), setup["keep"], setup["engine"])
    while message := get(given):  # an empty one asks for what was found out, and so does the end
        language = cast("Language", message[:2].decode())
        put(answers, cutter.cut(message[2:].decode(), language).tobytes())
    tally = cutter.tally
    told = {
        "lengths": tally.lengths,
        "words": tally.words,
        "recall": {name: (own.phrases, own.n_text, own.n_kept) for name, own in tally.recall.items()},
        "forced": {name: [(*key, count) for key, count in tally.forced[name].items()] for name in LANGUAGES},
    }
    put(answers, json.dumps(told).encode())


if __name__ == "__main__":
    main()
