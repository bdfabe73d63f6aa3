"""What the folder cannot carry comes back as a chart that says why; every chart is drawn for the study's place in print."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from policy_themes import figures
from policy_themes.compare import Question
from policy_themes.errors import InsufficientDataError
from policy_themes.figures import PRESETS, Chart, Labels, Preset, printed_for
from policy_themes.lexicon.records import Label
from policy_themes.study import By, Study
from policy_themes.text.units import Language

P = ParamSpec("P")
NO_YEAR = Label("No document has a year.", "没有文献具有年份。")
NO_REGION = Label("No document has a region.", "没有文献具有地区。")
NO_PAIRS = Label("No text stands in both languages with a theme.", "没有含主题的中英文对照文本。")


def labels_of(study: Study) -> Labels:
    """Return the names of a study in its language."""
    return Labels(study.settings.labels, study.lexicon, study.regions)


def preset_of(study: Study) -> Preset:
    """Return for what the figures of a study are printed."""
    return replace(PRESETS[study.settings.preset], svg=study.settings.svg)


def refusing(
    stem: str, title: str
) -> Callable[[Callable[Concatenate[Study, P], Chart]], Callable[Concatenate[Study, P], Chart]]:
    """Turn too little data into a chart that says so."""

    def decorate(draw: Callable[Concatenate[Study, P], Chart]) -> Callable[Concatenate[Study, P], Chart]:
        @wraps(draw)
        def drawn(study: Study, *args: P.args, **kwargs: P.kwargs) -> Chart:
            try:
                with printed_for(preset_of(study)):
                    return draw(study, *args, **kwargs)
            except InsufficientDataError as error:
                labels = labels_of(study)
                theme, by = str(kwargs.get("theme") or ""), str(kwargs.get("by") or "")
                grouped = f"by_{by}".replace("_code", "") if by else ""
                parts = [stem, *_asked(args), theme, grouped, str(kwargs.get("language") or "")]
                reason = Label(str(error), _chinese(str(error)))
                named = labels.theme_label(theme) if theme in study.lexicon.ids else Label(theme, theme)
                key = title.replace("year", "region") if by == "region_code" else title
                pair = labels.pair(key, theme=lambda name: getattr(named, name))
                with printed_for(preset_of(study)):
                    return figures.refusal("_".join(filter(None, parts)), pair, reason, labels)

        return drawn  # type: ignore[return-value]  # functools.wraps hides the same signature

    return decorate


def _asked(args: tuple[object, ...]) -> list[str]:
    """Return what a question adds to the stem of its chart."""
    asked = [arg for arg in args if isinstance(arg, Question)]
    return [name for one in asked for name in (one.around, *one.groups[:1], f"from_{one.at}" if one.at else "") if name]


def _chinese(message: str) -> str:
    """Return the Chinese of a refusal that has one."""
    known = {reason.en: reason.zh for reason in (NO_YEAR, NO_REGION, NO_PAIRS)}
    return known.get(message, "文献数量不足以支持此项比较。")


def need(study: Study, by: Sequence[By], language: Language) -> None:
    """Refuse a grouping for which no document has a value."""
    own = study.corpus.unique[study.corpus.unique["language"] == language]
    for name, reason in (("year", NO_YEAR), ("region_code", NO_REGION)):
        if name in by and own[name].isna().all():
            raise InsufficientDataError(reason.en)
