"""The two answers that most questions get: a picture with its marks, and a page of passages."""

from policy_themes.explore.asked import Asked
from policy_themes.explore.marks import drawn, pointed
from policy_themes.explore.passages import page_of
from policy_themes.explore.pictures import OWN, draw
from policy_themes.explore.plain import Answer, one_of, table_of
from policy_themes.explore.prepared import Prepared
from policy_themes.explore.standing import standing
from policy_themes.explore.view import PanelName, View
from policy_themes.figures import batched
from policy_themes.schema import rows


def picture(prepared: Prepared, one: Asked, view: View, panel: PanelName, *, other: bool) -> Answer:
    """Draw a panel, and say of each mark where it lies, what it says and what it narrows to."""
    with batched():
        chart = draw(prepared, one, view, panel, other=other)
    shown = drawn(chart)
    firm = standing(chart)
    selection = view.side(other)
    seen = selection.without(*OWN[panel])
    return {
        "picture": shown.address,
        "width": round(chart.figure.get_figwidth() * 96),
        "height": round(chart.figure.get_figheight() * 96),
        "marks": pointed(chart, one.labels(prepared.study, view), shown.spots),
        "title": one_of(chart.title, view), "says": one_of(chart.says, view), "caption": one_of(chart.caption, view),
        "alt": one_of(chart.alt, view),
        "standing": firm.word, "why": one_of(firm.why, view),
        "refused": chart.refused,
        "back": [
            {"field": name, "n": n} for name, n in prepared.ways_back(seen, view.language)
        ] if chart.refused else [],
        "n_docs": prepared.n_docs(seen, view.language),
        "table": table_of(chart),
    }  # fmt: skip


def passages(prepared: Prepared, one: Asked, view: View, *, other: bool) -> Answer:
    """Quote a page of hits."""
    selection = view.side(other)
    page = page_of(prepared, one, view, selection)
    labels = one.labels(prepared.study, view)
    found = [
        {
            "doc_id": row.doc_id, "left": row.left, "match": row.match, "right": row.right, "start": row.start,
            "year": row.year, "region": labels.region(row.region_code) if row.region_code else "",
            "title": prepared.titles.get(row.doc_id) or row.path, "excluded": row.excluded_by or "",
            "section": row.section or "",
        }
        for row in rows(page.table)
    ]  # fmt: skip
    back = prepared.ways_back(selection, view.language) if not page.total else []
    return {
        "rows": found, "total": page.total, "page": page.number, "pages": page.of, "n_with": page.n_docs,
        "n_docs": prepared.n_docs(selection, view.language),
        "back": [{"field": name, "n": n} for name, n in back],
    }  # fmt: skip
