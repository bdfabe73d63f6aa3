"""Every figure of a report: computed here, drawn by a helper beside, or taken from the last report where it is the same."""

from collections.abc import Callable
from dataclasses import dataclass

from policy_themes.figures import Chart
from policy_themes.figures.album import Album, name_of
from policy_themes.figures.render import Pictures, Renderer
from policy_themes.progress import track
from policy_themes.report.catalogue import catalogue
from policy_themes.report.document import Drawn
from policy_themes.report.save import save_chart
from policy_themes.store.files import OutputFolder
from policy_themes.study import Study


@dataclass(frozen=True)
class _Figure:
    """A chart of a chapter, by its place in the report, and the name of its pictures."""

    place: int
    section: str
    chart: Chart
    name: str | None


def draw_figures(study: Study, folder: OutputFolder, *, command: str, meanwhile: Callable[[], None]) -> list[Drawn]:
    """
    Draw and save the figures of a report.

    Parameters
    ----------
    study : Study
    folder : OutputFolder
        Open; the files are staged.
    command : str
        What to call to draw them again, for the record.
    meanwhile : callable
        What is done while topics are fitted in other processes.

    Returns
    -------
    list of Drawn
        In the order of the report.
    """
    album = Album(study.cache, study.folder)
    with Renderer() as renderer, study.topics_ahead():
        _ = study.corpus, study.tokens, study.hits
        jobs = [(section, draw) for section in catalogue(study) for draw in section.draw]
        figures: list[_Figure] = []
        pictures: dict[int, Pictures] = {}
        for of_topics in (False, True):
            wanted = [place for place, (section, _) in enumerate(jobs) if section.of_topics == of_topics]
            for place in track("computing")(wanted):
                section, draw = jobs[place]
                chart = draw()
                figures.append(_Figure(place, section.key, chart, name_of(chart)))
                before = album.find(figures[-1].name)
                if before is None:
                    renderer.begin(chart)
                else:
                    pictures[place] = before
            if not of_topics:
                meanwhile()
        begun = [figure.place for figure in figures if figure.place not in pictures]
        for number, found in track("drawing", total=len(begun))(renderer.finished()):
            pictures[begun[number]] = found
    drawn: list[Drawn] = []
    for figure in sorted(figures, key=lambda figure: figure.place):
        own = pictures[figure.place]
        save_chart(figure.chart, own, folder, study, command=command)
        drawn.append(Drawn(figure.section, figure.chart, own.page, own.files["pdf"]))
    album.keep({figure.name: pictures[figure.place] for figure in figures if figure.name is not None})
    return drawn
