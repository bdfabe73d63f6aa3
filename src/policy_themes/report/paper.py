"""The files for Word and for print, both from one reading of the report's page."""

from collections.abc import Mapping, Sequence

from policy_themes.report.charts import labels_of
from policy_themes.report.document import Drawn, html_report
from policy_themes.report.print import pdf_report
from policy_themes.report.tree import program, read
from policy_themes.report.word import docx_report
from policy_themes.study import Study


def paper_reports(study: Study, drawn: Sequence[Drawn]) -> Mapping[str, bytes]:
    """
    Return report.docx and report.pdf.

    Parameters
    ----------
    study : Study
    drawn : sequence of Drawn
        In the order of the report.

    Returns
    -------
    mapping of str to bytes
        By name of the file; without pandoc none of them, without typst no pdf.

    Raises
    ------
    OutputError
        If one of them cannot be made.
    """
    if program() is None:
        return {}
    tree = read(html_report(study, drawn, paper=True))
    pdf = pdf_report(tree, drawn, title=study.settings.title, labels=labels_of(study))
    return {"report.docx": docx_report(tree, drawn)} | ({} if pdf is None else {"report.pdf": pdf})
