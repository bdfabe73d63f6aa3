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
# A theme is a list of phrases. Before any rate, check four things: fixed terms are kept whole, false hits are taken
# out, stop words are only stop words, and a passage cut into words still reads like itself.
#
# 词数得对吗？检查四点：固定词语是否完整、误命中是否剔除、停用词是否得当、分词是否可读。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

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
