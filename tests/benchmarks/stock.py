"""What an analyst writes who has a folder of work reports, jieba, gensim, scikit-learn and matplotlib: read, cut, count, LDA, TF-IDF, four figures."""

import re
import sys
import warnings
from collections import Counter, defaultdict
from pathlib import Path

import jieba
import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
from gensim.corpora import Dictionary
from gensim.models import LdaModel
from sklearn.feature_extraction.text import TfidfVectorizer

THEMES = {"modernization": "现代化", "fengqiao": "枫桥", "rule of law": "法治", "safe": "平安"}
K, PASSES = 20, 5


def main() -> None:
    """Do all of it."""
    warnings.simplefilter("ignore")  # of glyphs that are missing
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir()
    stop = {"的", "了", "和", "是", "在", "与", "及", "等", "对", "为", "以", "将", "也", "我们"}
    texts, years, regions = [], [], []
    for path in sorted(folder.rglob("*.txt")):
        found = re.match(r"(\D+)(\d{4})", path.stem)
        if found:
            texts.append(path.read_text(encoding="utf-8-sig", errors="replace"))
            regions.append(found[1])
            years.append(int(found[2]))
    paragraphs = [line for text in texts for line in text.split("\n") if len(line) > 20]
    cut = [[word for word in jieba.cut(line) if len(word) > 1 and word not in stop] for line in paragraphs]
    hits: dict[str, Counter[int]] = defaultdict(Counter)
    length: Counter[int] = Counter()
    for text, year in zip(texts, years, strict=True):
        length[year] += len(text)
        for name, phrase in THEMES.items():
            hits[name][year] += text.count(phrase)
    dictionary = Dictionary(cut)
    dictionary.filter_extremes(no_below=5, no_above=0.5)
    bags = [dictionary.doc2bow(words) for words in cut]
    model = LdaModel(
        bags, num_topics=K, id2word=dictionary, passes=PASSES, chunksize=512, alpha=0.1, eta=0.01, decay=0.6,
        offset=16, random_state=1,
    )  # fmt: skip
    by_region: dict[str, list[str]] = defaultdict(list)
    for text, region in zip(texts, regions, strict=True):
        by_region[region].append(text)
    vectorizer = TfidfVectorizer(analyzer=jieba.lcut, min_df=1)
    weights = vectorizer.fit_transform(" ".join(own) for own in by_region.values())
    names = vectorizer.get_feature_names_out()
    ordered = sorted(length)
    figure, axes = plt.subplots(2, 2)
    for ax, name in zip(axes.flat, THEMES, strict=True):
        ax.plot(ordered, [10_000 * hits[name][year] / length[year] for year in ordered])
        ax.set_title(name)
    figure.savefig(out / "trend.png", dpi=300)
    figure, ax = plt.subplots()
    ax.imshow([[10_000 * hits[name][year] / length[year] for year in ordered] for name in THEMES])
    figure.savefig(out / "grid.png", dpi=300)
    figure, ax = plt.subplots()
    for row in range(min(4, K)):
        ax.barh([f"{row} {word}" for word, _ in model.show_topic(row)], [weight for _, weight in model.show_topic(row)])
    figure.savefig(out / "topics.png", dpi=300)
    figure, ax = plt.subplots()
    best = [names[row.toarray().argmax()] for row in weights]
    ax.barh(list(by_region), [row.max() for row in weights])
    ax.set_title(" ".join(best))
    figure.savefig(out / "tfidf.png", dpi=300)


if __name__ == "__main__":
    main()
