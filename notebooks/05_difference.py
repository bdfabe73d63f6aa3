# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,-all
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · What do they mean by it?
#
# Two provinces can name a theme equally often and mean different things. This notebook goes from words that set a year
# or a region apart to the sentences themselves. End with quotes, not with weights.
#
# 同一提法，各指什么？从特征词走到原句。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.compare import Question, phrase_evidence
from policy_themes.report import answers, charts
from policy_themes.study import open_study

pd.options.display.max_colwidth = None
study = open_study(FOLDER, STUDY)

# %% [markdown]
# The theme below is the first that the figures show. Put another in its place by name. 主题可自行替换。

# %%
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]
theme

# %% [markdown]
# ## Words that set a year apart
#
# TF-IDF: a word weighs more the more often a document uses it and the fewer documents use it at all. A group is the
# mean of its documents. Names of places and outlets are left out; otherwise every region would be set apart by its own
# name. In brackets: how often the word occurs there. 词语越常见于此、越少见于他处，权重越大；地名、媒体名已略去。

# %%
charts.terms(study, by="year", language=language)

# %% [markdown]
# ## Words that set a region apart
#
# A region of one document shows that document's words. 只有一篇文献的地区，特征词就是那一篇的用词。

# %%
charts.terms(study, by="region_code", language=language)

# %% [markdown]
# ## Said differently around the theme
#
# The words within ten words of the theme, one region against the rest. `z` ranks them (log-odds against what is common in
# all documents); `n_docs_group` says how many documents stand behind a word, and `dispersion` near 1 that one document
# carries it. `p_adjusted` comes from dealing out whole documents, never from counting words, and `refused` says why there is
# none: too few documents, one region against the rest, or a collection of which nobody said how it was made.
# 主题词前后十词：z 用于排序，不是检验；检验以整篇文献为单位，不能检验时说明原因。

# %%
answers.contrast(study, Question("region_code", around=theme), language=language).head(30)

# %% [markdown]
# Words that were picked because they differ nearly always differ. Here they are found on one half of the documents, and
# counted and tested on the other. 一半文献找词，另一半检验：

# %%
halves = Question("region_code", split=True, top=5)
answers.contrast(study, halves, language=language).head(15)

# %% [markdown]
# ## The theme in context
#
# Every hit between its neighbours, excluded ones left out. Read down the columns. Rows with the same words left and
# right are formulas; the odd one out is often the finding. 逐条语境：

# %%
evidence = study.evidence(themes=[theme]).merge(study.corpus.documents[["doc_id", "date", "region_en"]], on="doc_id")
hits = evidence[evidence["counted"] & (evidence["language"] == language)]
hits[["left", "match", "right", "year", "region_en"]].head(25)

# %% [markdown]
# ## Of what, and where?
#
# The facets of the theme by region, counted from the rows above. A hit in two facets counts in both. 各地区的分面：

# %%
parts = hits.assign(facet=hits["facet"].fillna("none named").str.split(";")).explode("facet")
pd.crosstab(parts["facet"], parts["region_en"].fillna("unknown"))

# %% [markdown]
# ## One quote a document
#
# The first sentence with the theme in each document, from the original text, with its file. Check a quote in the file
# before you print it; if the text is a translation, say so beside the quote. 每篇一句原文，引用前请核对；译文须注明。

# %%
hits.drop_duplicates("doc_id")[["date", "region_en", "sentence", "path"]].head(15)

# %% [markdown]
# ## A phrase of your own
#
# Any text, in any case or spelling variant; it need not be in the lexicon. Here it is the theme's own name: put yours
# in its place. 任意词句检索：

# %%
phrase = getattr(study.lexicon.theme(theme).label, language)
phrase_evidence(study.corpus, phrase)[["left", "match", "right", "year", "path"]].head(15)

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** what stands next to the theme in these documents, with the sentence as proof.
#
# **May not:** that a heavy word is a policy. Weights describe; they are not tested here, and among thousands of words
# some stand out by chance. A word that only one document uses sets its whole group apart.
#
# **On the five seeds:** a year or region is one or two documents, so these words set *pages* apart. The sentences are
# machine-made English: quote them as translations, and look for the Chinese original first.
#
# 可以说：这些文献中主题与何词相邻，并有原句为证。不可以说：权重大的词就是政策重点。示例为译文，引用前先找中文原文。
