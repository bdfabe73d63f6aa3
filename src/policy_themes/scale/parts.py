"""The parts of a stored corpus as tasks: one a part, each counted by itself."""

from dataclasses import dataclass
from pathlib import Path

from policy_themes.corpus.records import Corpus
from policy_themes.corpus.source import compared_part
from policy_themes.corpus.stored import load_part, n_parts
from policy_themes.scale.setup import Setup


@dataclass(frozen=True)
class Parts:
    """
    A stored corpus, seen under the same path by every worker.

    Attributes
    ----------
    folder : Path
        What ``ingest`` wrote, on Spark or on one machine (then it is one part).
    """

    folder: Path

    @property
    def tasks(self) -> list[str]:
        """A task for each part."""
        return [str(part) for part in range(max(1, n_parts(self.folder)))]

    @property
    def place(self) -> str:
        """Where it lies, for a worker."""
        return str(self.folder.resolve())


def compared(setup: Setup, place: str, task: str, *, original: bool = False) -> Corpus | None:
    """Return what is compared of a part: copies and regions as the settings say; None where it holds no document."""
    corpus = load_part(Path(place), int(task), original=original)
    return None if corpus.documents.empty else compared_part(corpus, setup.settings, setup.regions)
