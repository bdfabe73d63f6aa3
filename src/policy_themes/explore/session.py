"""One conversation about one study: plain questions in, plain answers out, whoever carries them.

A notebook's widget and the small server of `policy-themes explore` both hold a
`Session` and hand its answers on. An answer is made of what JSON knows; a question
that cannot be answered gets a message and what to do, never a traceback.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from policy_themes.errors import PolicyThemesError, UsageError, closest, invalid
from policy_themes.explore import adopt, keep
from policy_themes.explore.answers import passages, picture
from policy_themes.explore.asked import Asked, asked, check, find_phrase
from policy_themes.explore.behind import Behind, needs
from policy_themes.explore.options import options
from policy_themes.explore.phrases import kept_whole
from policy_themes.explore.pictures import draw
from policy_themes.explore.plain import Answer, panel_name, word
from policy_themes.explore.prepared import Counted, Prepared
from policy_themes.explore.reader import document
from policy_themes.explore.topic_page import topic_page
from policy_themes.explore.view import PANELS, View
from policy_themes.study import Study, open_study

MOST_PHRASES, MOST_PICTURES = 50, 60


class Session:
    """
    A study that can be asked.

    Parameters
    ----------
    study : Study
    out : Path, optional
        Where views are saved; by default ``FOLDER-views`` beside the folder.
    study_file : Path, optional
        The study file that was named; by default the one in the folder.

    Examples
    --------
    >>> from policy_themes.study import open_study
    >>> Session(open_study(".")).answer({"ask": "weather"})["error"]
    'Nobody can answer `weather`.'
    """

    def __init__(self, study: Study, *, out: Path | None = None, study_file: Path | None = None) -> None:
        folder = study.folder.resolve()
        self.out = out if out is not None else folder.with_name(f"{folder.name}-views")
        self._files = adopt.Files((study_file or folder / "study.yml").resolve())
        self._behind = Behind()
        self._lock = threading.RLock()
        self._turns: dict[str, int] = {}
        self._hold(study)
        self._answers: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
            "options": self._options,
            "panel": self._panel,
            "passages": self._passages,
            "document": self._document,
            "phrase": self._phrase,
            "topics": self._topics,
            "name": self._name,
            "try": self._try,
            "adopt": self._adopt,
            "save": self._save,
            "code": self._code,
            "address": self._address,
        }

    def _hold(self, study: Study) -> None:
        """Take a study, nothing of an earlier one kept."""
        self.study = study
        self.prepared = Prepared(study)
        self._phrases: OrderedDict[str, Counted] = OrderedDict()
        self._pictures: OrderedDict[str, Answer] = OrderedDict()
        self._offered: Answer = {}

    def answer(self, question: object) -> Answer:
        """
        Answer a question.

        Parameters
        ----------
        question : object
            As JSON holds it: ``ask`` names what is asked; ``channel`` and ``turn``, where given,
            let a later question of the same channel overtake this one.

        Returns
        -------
        mapping
            ``error`` and ``hint`` where there is no answer, ``stale`` where nobody waits for it any more,
            ``pending`` where it is being computed.
        """
        try:
            return self._answered(question)
        except PolicyThemesError as error:
            return {"error": error.message, "hint": error.hint}
        except Exception as error:  # the page goes on, and says what happened
            return {"error": f"This is a bug: {type(error).__name__}: {error}.", "hint": "Please report it."}

    def warm(self) -> None:
        """Compute what the first look needs, before somebody looks."""
        first = View.of(self.answer({"ask": "options"}).get("view", {}))
        view = dict(first.model_copy(update={"theme": self._asked(first).theme}).content())
        for panel in ("trend", "map"):  # as the page asks for them in its two columns
            self.answer({"ask": "panel", "panel": panel, "view": {**view, "narrow": True}})

    def _answered(self, question: object) -> Answer:
        """Answer a question in its turn."""
        if not isinstance(question, dict) or not isinstance(question.get("ask"), str):
            raise invalid("question", type(question).__name__, "a mapping with `ask`")
        ask = question["ask"]
        if ask not in self._answers:
            raise UsageError(f"Nobody can answer `{ask[:40]}`. {closest(ask, self._answers)}".strip())
        channel, turn = str(question.get("channel", ""))[:40], question.get("turn")
        if channel and isinstance(turn, int):
            self._turns[channel] = max(turn, self._turns.get(channel, 0))
        with self._lock:  # matplotlib's style is that of the whole process
            if channel and isinstance(turn, int) and self._turns.get(channel, 0) > turn:
                return {"stale": True}
            return self._answers[ask](question)

    def _view(self, question: Mapping[str, Any]) -> View:
        """Return the view of a question."""
        view = View.of(question.get("view", {}))
        check(self.prepared, view)
        return view

    def _named(self, question: Mapping[str, Any]) -> View:
        """Return the view of a question with its theme named: what is kept may not hang on which theme comes first."""
        view = self._view(question)
        return view if view.theme or view.phrase else view.model_copy(update={"theme": self._asked(view).theme})

    def _asked(self, view: View) -> Asked:
        """Return what a view asks about; a new phrase is counted now."""
        if view.phrase and view.phrase not in self._phrases:
            self._phrases[view.phrase] = find_phrase(self.study, view.phrase)
            while len(self._phrases) > MOST_PHRASES:
                self._phrases.popitem(last=False)
        return asked(self.prepared, view, self._phrases)

    def _options(self, _: Mapping[str, Any]) -> Answer:
        """Say what can be chosen."""
        if not self._offered:
            self._offered = {**options(self.prepared), "out": self.out.name, "panels": list(PANELS)}
        return self._offered

    def _panel(self, question: Mapping[str, Any]) -> Answer:
        """Draw a panel."""
        view, panel, other = self._view(question), panel_name(question), bool(question.get("other"))
        waiting = self._behind.wait(self.study, needs(panel, view), view.language)
        if waiting is not None:
            return waiting
        key = f"{panel} {other} {view.model_copy(update={'page': 1, 'document': '', 'panel': ''}).to_json()}"
        if key not in self._pictures:
            self._pictures[key] = picture(self.prepared, self._asked(view), view, panel, other=other)
            while len(self._pictures) > MOST_PICTURES:
                self._pictures.popitem(last=False)
        return self._pictures[key]

    def _passages(self, question: Mapping[str, Any]) -> Answer:
        """Quote a page of hits."""
        view = self._view(question)
        return passages(self.prepared, self._asked(view), view, other=bool(question.get("other")))

    def _document(self, question: Mapping[str, Any]) -> Answer:
        """Show a whole document."""
        view = self._view(question)
        one = self._asked(view)
        return document(self.prepared, one, one.labels(self.study, view), view.document)

    def _phrase(self, question: Mapping[str, Any]) -> Answer:
        """Count a phrase of one's own, and say how many of its occurrences segmentation keeps whole."""
        view = self._view(question)
        one = self._asked(view)
        places = one.counted.hits.places
        unique = set(self.study.corpus.unique["doc_id"])
        own = places[places["doc_id"].isin(unique)]
        found: dict[str, object] = {"phrase": view.phrase, "n": len(own), "n_docs": int(own["doc_id"].nunique())}
        waiting = self._behind.wait(self.study, "words", view.language)
        if waiting is not None:
            return {**found, **waiting}
        n_text, n_kept = kept_whole(one.counted, self.study.tokens)
        return {**found, "n_text": n_text, "n_kept": n_kept}

    def _topics(self, question: Mapping[str, Any]) -> Answer:
        """Tell of the topics."""
        view = self._view(question)
        waiting = self._behind.wait(self.study, "topics", view.language)
        return waiting if waiting is not None else topic_page(self.prepared, view)

    def _name(self, question: Mapping[str, Any]) -> Answer:
        """Write the name of a topic into the user's file."""
        view, topic, name = self._view(question), question.get("topic"), word(question, "name")
        if not isinstance(topic, int) or isinstance(topic, bool):
            raise invalid("topic", topic, "the number of a topic")
        path = adopt.named_topic(self.study, self._files, view, topic, name)
        self._reopen()
        return {"file": path.name}

    def _change(self, question: Mapping[str, Any]) -> adopt.Change:
        """Return the change of a theme that is asked for."""
        view, action = self._view(question), question.get("action")
        if action not in ("add", "drop"):
            raise invalid("action", action, "`add` or `drop`")
        theme = view.theme or self._asked(view).theme
        return adopt.Change(theme, view.language, word(question, "phrase"), action)

    def _try(self, question: Mapping[str, Any]) -> Answer:
        """Say what a phrase more or less would change."""
        return adopt.tried(self.prepared, self._change(question))

    def _adopt(self, question: Mapping[str, Any]) -> Answer:
        """Write it into the user's lexicon."""
        path = adopt.adopted(self.study, self._files, self._change(question))
        self._reopen()
        return {"file": path.name, "study": self._files.study.name}

    def _reopen(self) -> None:
        """Take the study up again with the user's files as they are now; the documents are the same."""
        before = self.study
        study = open_study(before.folder, self._files.study if self._files.study.is_file() else None)
        for name in ("source", "corpus"):
            study.__dict__[name] = getattr(before, name)
        self._hold(study)

    def _save(self, question: Mapping[str, Any]) -> Answer:
        """Save a panel as it is seen."""
        view, panel, other = self._named(question), panel_name(question), bool(question.get("other"))
        chart = draw(self.prepared, self._asked(view), view, panel, other=other)
        name = word(question, "name") if "name" in question else ""
        paths = keep.save(self.study, chart, view, panel, self.out, name=name, other=other)
        return {"folder": str(self.out), "files": [path.name for path in paths]}

    def _code(self, question: Mapping[str, Any]) -> Answer:
        """Return the cell that draws a panel again."""
        return {
            "code": keep.code(
                self.study, self._named(question), panel_name(question), other=bool(question.get("other"))
            )
        }

    def _address(self, question: Mapping[str, Any]) -> Answer:
        """Read a view out of an address or a file, and return it checked."""
        if "file" in question:
            view = View.from_json(word(question, "file", longest=100_000))
        else:
            view = View.from_address(word(question, "address", longest=10_000))
        check(self.prepared, view)
        return {"view": dict(view.content()), "address": view.to_address()}
