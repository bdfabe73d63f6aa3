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
# # 02 · Are my words counted right?
#
# A theme is a list of phrases. Before any rate, check five things: fixed terms are kept whole, false hits are taken
# out, no theme hangs on a single phrase, stop words are only stop words, and what the lexicon lacks is looked for.
#
# 词数得对吗？检查五点：固定词语是否完整、误命中是否剔除、主题是否只靠一个词、停用词是否得当、词典还缺什么。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.compare import in_order, phrase_evidence, phrase_hits, theme_checks, theme_overlaps
from policy_themes.study import open_study

pd.options.display.max_colwidth = None
study = open_study(FOLDER, STUDY)
language = study.languages[0]

# %% [markdown]
# ## Are fixed terms kept whole?
#
# Terms such as 枫桥经验 or *rule of law* must not be cut. `n_text` counts them in the text, `n_kept` in the finished
# words; `recall` is the share. A recall below 1 means that another term lies across it. 固定词语应完整保留。

# %%
study.tokens.recall.query("n_text > 0").head(30)

# %% [markdown]
# What was nearly a term: a blank, a line end (⏎), a quotation mark or a hyphen stands in it. These are not counted; if
# there are many, mend the files. Traditional, full-width and invisible characters are folded and *are* counted.
# 近似而未计：词中夹有空格、换行、引号等；繁体与全角已折算并计入。

# %%
study.near_misses.head(10)

# %% [markdown]
# Keeping a term whole may cut a word of the segmenter in two: in 深化改革/开放 the term 改革开放 takes 改革 from 深化改革.
# Look whether a term of yours does that where it should not. 保留固定词语时切开了分词器的词：

# %%
study.tokens.forced_cuts.head(10)

# %% [markdown]
# ## Which hits were removed, and why?
#
# 高水平安全 holds 平安 by chance; so does 和平安宁. The lexicon names such contexts; a hit inside one is shown, not
# counted. In a large collection of Chinese news about four in ten raw hits of 平安 were false, enough to turn a falling
# line into a rising one.
# 落入排除语境的命中列出而不计。

# %%
places = study.hits.places
excluded = places[places["excluded"] != ""]
excluded.groupby(["theme", "term", "excluded"]).size().rename("n_removed").reset_index()

# %% [markdown]
# Judge for yourself, in the sentence. 看原句自行判断：

# %%
quotes = study.evidence(themes=excluded["theme"].unique())
quotes.loc[quotes["excluded_by"].notna(), ["theme", "match", "excluded_by", "sentence", "path"]].head(20)

# %% [markdown]
# ## Near the theme, but not it
#
# Wide wordings stand beside the headline, never inside it: a predecessor (社会管理 before 社会治理), or an adjective
# (*modern country*) where a translator may have meant 现代化. They set one end of the range in the figures.
# 广义提法只进入范围，不进入主数字。

# %%
wide = places[places["wide"].astype(bool)]
wide.groupby(["theme", "term"]).size().rename("n_wide").reset_index()

# %% [markdown]
# ## Which phrases make a theme?
#
# Each phrase with its hits, the removed ones, and its share of the theme. A pattern without a phrase caught nothing here.
# 各词语的命中、剔除与占比；无词语者在此文献中未命中。

# %%
phrases = phrase_hits(study.corpus, study.hits, study.lexicon)
phrases[phrases["theme"].isin(study.featured(language)[:2])].head(20)

# %% [markdown]
# `strongest` is the phrase with most hits, and `n_docs_without` says how many documents would still have the theme
# without it. If nearly nothing is left, the curve of that theme is the curve of one wording. `no_subject_of` names kinds
# of document that hardly speak of it (it needs twenty of a kind): their zero is one of genre, not of policy.
# 去掉最强词后还剩多少？若所剩无几，该主题的曲线只是一个提法的曲线。

# %%
checks = theme_checks(study.corpus, study.hits, study.lexicon, phrases)
columns = ["theme", "language", "n_hits", "n_removed", "n_docs", "strongest", "share_strongest", "n_docs_without"]
checks.loc[checks["n_hits"] > 0, [*columns, "no_subject_of"]]

# %% [markdown]
# Two themes may share text (法治政府 is rule of law and lawful administration). What they share rises together, and is
# no second piece of evidence. 主题之间的重叠：

# %%
theme_overlaps(study.corpus, study.hits).head(10)

# %% [markdown]
# ## Which words were left out as stop words, and how often?
#
# Stop words are left out for TF-IDF and topics only. Themes are looked for in the full text, so no stop word can hide a
# hit. If a word of your subject stands here, your own list took it out. 停用词只影响特征词与话题，不影响主题计数。

# %%
spoken = pd.Series(list(study.tokens.of_language(language).words), dtype=object).explode().value_counts()
used = pd.Series(list(study.words.of_language(language).words), dtype=object).explode().value_counts()
spoken[~spoken.index.isin(used.index)].head(20)

# %% [markdown]
# ## Which words remain?
#
# Policy language is made of 发展, 建设, *work*, *promote*: frequent everywhere and therefore telling little. That is
# why notebook 05 weighs words by how few documents hold them. 高频词不等于特征词。

# %%
used.head(20)

# %% [markdown]
# ## Which terms does the lexicon lack?
#
# Runs of words that hold together, stand in changing company, and belong to some years more than to others. Most are
# no terms: read them. `policy-themes terms FOLDER --out terms.csv` writes them all; put *yes* under `accept` where one
# is a term, name the file as `dictionary` in `study.yml`, and it is kept whole from then on. 词典还缺哪些词？

# %%
proposed = study.candidate_terms(top=20)
proposed[["language", "term", "n_text", "n_docs", "first_year", "cohesion", "burst", "score", "example"]]

# %% [markdown]
# ## How is a word used?
#
# Every place of a phrase with what stands around it, sorted by what follows (`"left"` sorts by what comes before). Any
# phrase will do; the positions `start` and `end` point into the file as it was. 逐条语境，可按左右排序：

# %%
phrase = used.index[0]
lines = in_order(phrase_evidence(study.corpus, phrase, window=30), "right")
lines[["left", "match", "right", "year", "path", "start"]].head(15)

# %% [markdown]
# ## One passage, word by word
#
# The first passage as it is counted, cut into words, and without stop words. English fixed terms are joined by `_`.
# If a term of yours falls apart here, add it to a jieba user dictionary (`dictionary` in `study.yml`). 首段示例：

# %%
first = next(study.corpus.iter_passages())
forms = [first.text, " ".join(study.tokens.words[0]), " ".join(study.words.words[0])]
pd.Series(forms, index=["text", "words", "without stop words"], name="first passage").to_frame()

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** that the phrases of this lexicon were counted as it says, and what was set aside.
#
# **May not:** that the lexicon is complete. It misses a wording that nobody listed, in a translation above all. Whether
# a hit means what you mean is for a reader to say: code some sentences by hand before you print a rate.
#
# **On the five seeds:** the phrases were found in machine-made English. "Occupational security" may be 职业保障 and
# "modern services" 现代化服务; a strict and a generous reading differ, and the range shows by how much.
#
# 可以说：按本词典如何计数、剔除了什么。不可以说：词典已经完备。译文措辞不一，请人工复核若干句子。
