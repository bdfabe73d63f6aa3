"""Sheets on which people show whether topics mean something to them: they find what does not belong.

*Word intrusion*: five first words of a topic and one of another topic that is
improbable here. *Label intrusion*: a text and four topics, three that it has
most of and one that it hardly has. Who sees a topic finds the intruder; who
guesses finds it once in six or four. The key is another file.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from policy_themes.errors import InsufficientDataError, UsageError
from policy_themes.schema import conform
from policy_themes.topics.quality import top_terms
from policy_themes.topics.records import TopicFit

WORDS, LABELS = 5, 3
# An intruder is among the first words of its own topic, and not in the more probable half of the words here.
INTRUDERS = 10
LEVEL = 0.95
CODERS = ("coder_1", "coder_2")


@dataclass(frozen=True)
class Intrusion:
    """What goes to the coders, and what stays: tables ``intrusion_sheet`` and ``intrusion_key``."""

    sheet: pd.DataFrame
    key: pd.DataFrame


def intrusion_sheet(
    fit: TopicFit, exemplars: pd.DataFrame, *, names: dict[int, str] | None = None, seed: int = 1
) -> Intrusion:
    """
    Make one word task for each topic and one label task for each exemplar.

    Parameters
    ----------
    fit : TopicFit
        At least four topics.
    exemplars : DataFrame
        Table ``exemplars`` of the fit.
    names : dict of int to str, optional
        Names of topics, shown instead of their first words.
    seed : int, default 1

    Raises
    ------
    InsufficientDataError
        If there are fewer topics than a label task shows.
    """
    if fit.spec.k <= LABELS:
        raise InsufficientDataError(f"A task shows {LABELS + 1} topics; there are {fit.spec.k}.", hint="Raise --k.")
    random = np.random.default_rng(seed)
    tasks = [*_word_tasks(fit, random), *_label_tasks(fit, exemplars, names or {}, random)]
    order = random.permutation(len(tasks))
    drawn = [{**tasks[task], "row": row, "language": fit.language} for row, task in enumerate(order, start=1)]
    return Intrusion(conform(drawn, "intrusion_sheet"), conform(drawn, "intrusion_key"))


def _word_tasks(fit: TopicFit, random: np.random.Generator) -> list[dict[str, object]]:
    """Return a task for each topic that has an intruder."""
    first = top_terms(fit.beta, INTRUDERS)
    tasks = []
    for topic, row in enumerate(fit.beta):
        foreign = np.setdiff1d(np.delete(first, topic, axis=0), first[topic])
        foreign = foreign[row[foreign] <= np.median(row)]
        if len(foreign):
            shown = [*first[topic, :WORDS], random.choice(foreign)]
            tasks.append({"kind": "word", **_options([fit.terms[term] for term in shown], random), "topic": topic + 1})
    return tasks


def _label_tasks(
    fit: TopicFit, exemplars: pd.DataFrame, names: dict[int, str], random: np.random.Generator
) -> list[dict[str, object]]:
    """Return a task for each text of the exemplars."""
    words = top_terms(fit.beta, WORDS)
    tasks = []
    for text in exemplars.drop_duplicates(["doc_id", "passage"]).itertuples():
        row = fit.row_of(str(text.doc_id), int(text.passage))  # type: ignore[arg-type]
        if row is None:
            continue
        order = np.argsort(-fit.gamma[row], kind="stable")
        # Of the lesser half, so that it is hardly there.
        intruder = int(random.choice(order[max(LABELS, len(order) // 2) :]))
        topics = [*order[:LABELS].tolist(), intruder]
        labels = [names.get(topic + 1) or ", ".join(fit.terms[term] for term in words[topic]) for topic in topics]
        tasks.append({"kind": "label", "text": text.text, **_options(labels, random), "topic": intruder + 1})
    return tasks


def _options(shown: list[str], random: np.random.Generator) -> dict[str, object]:
    """Put options in an order that tells nothing; the last one given is the intruder."""
    order = random.permutation(len(shown)).tolist()
    options: dict[str, object] = {f"option_{place}": shown[number] for place, number in enumerate(order, start=1)}
    return options | {"intruder": order.index(len(shown) - 1) + 1}


def intrusion_scores(sheet: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """
    Say how often people found what does not belong.

    Parameters
    ----------
    sheet : DataFrame
        Columns ``row, coder_1`` and perhaps ``coder_2``: the number of an option, blank where there is no answer.
    key : DataFrame
        Table ``intrusion_key``.

    Returns
    -------
    DataFrame
        Table ``intrusion_scores``; intervals by Wilson.

    Raises
    ------
    UsageError
        If the rows are not those of the key, or an answer is no option.
    InsufficientDataError
        If there is no answer.
    """
    if "row" not in sheet or "coder_1" not in sheet:
        raise UsageError("The sheet has no columns `row` and `coder_1`.", hint="Give the sheet that was written.")
    rows = pd.to_numeric(sheet["row"], errors="coerce")
    if rows.isna().any() or rows.duplicated().any() or not set(rows) <= set(key["row"]):
        raise UsageError("The rows of the sheet are not those of its key.", hint="Give the key written beside it.")
    answers = key.merge(sheet.assign(row=rows)[["row", *(name for name in CODERS if name in sheet)]], on="row")
    records = []
    for coder in (name for name in CODERS if name in answers):
        given = answers.assign(answer=_numbers(answers, coder)).dropna(subset=["answer"])
        for kind, own in given.groupby("kind"):
            parts = [(None, own), *((int(str(topic)), part) for topic, part in own.groupby("topic"))]
            records += [
                {"kind": kind, "coder": coder, "topic": topic, **_share(part), "chance": 1 / _n_options(str(kind))}
                for topic, part in parts
            ]
    if not records:
        raise InsufficientDataError("No task is answered.", hint="Fill in `coder_1`: the number of an option.")
    return conform(records, "intrusion_scores")


def _n_options(kind: str) -> int:
    """Return how many options a task has."""
    return (WORDS if kind == "word" else LABELS) + 1


def _numbers(answers: pd.DataFrame, coder: str) -> pd.Series:
    """Return the answers of a coder as numbers."""
    numbers = pd.to_numeric(answers[coder], errors="coerce")
    allowed = answers["kind"].map(_n_options)
    wrong = answers[coder].notna() & ~(numbers.between(1, allowed) & (numbers % 1 == 0))
    if wrong.any():
        row, value = answers.loc[wrong, ["row", coder]].iloc[0]
        raise UsageError(
            f"Row {row}: {value!r} is no option.", hint="Write its number, 1 to 6 (4 where there are four)."
        )
    return numbers


def _share(part: pd.DataFrame) -> dict[str, object]:
    """Return the share of right answers with its interval."""
    from scipy.stats import binomtest  # most of a second to import

    n, right = len(part), int((part["answer"] == part["intruder"]).sum())
    interval = binomtest(right, n).proportion_ci(LEVEL, "wilson")
    return {"n": n, "n_right": right, "value": right / n, "ci_low": interval.low, "ci_high": interval.high}
