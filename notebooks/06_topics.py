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
# # 06 · What did my words miss?
#
# A lexicon finds what its author thought of. A topic model (LDA) groups words that occur together, without knowing any
# theme. Where a topic has no theme, the lexicon may miss something; where a theme has no topic, it is spread thin.
# A topic is first a claim: this notebook shows its words, its texts and whether other fits find it again, before it
# shows any year or region.
#
# 我的词典漏了什么？话题模型（LDA）不知道主题词典，可作旁证；先看话题是否站得住，再看年份与地区。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
import pandas as pd

from policy_themes.compare import TopicQuestion
from policy_themes.report import answers, charts
from policy_themes.study import open_study

pd.options.display.max_colwidth = 160
study = open_study(FOLDER, STUDY)
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]

# %% [markdown]
# ## Topics and their words
#
# The unit is the passage, not the document. The number of topics K is set in `study.yml`; without it there is one topic
# for five passages, at most 20. The bars are the most probable words; the title has the words that are frequent here
# and rare elsewhere. Topic numbers carry no meaning but size. 话题编号仅按占比排序。

# %%
words = charts.topic_words(study, language=language)
words

# %% [markdown]
# The caption goes with the figure wherever the figure goes. 图注须随图：

# %%
words.caption

# %% [markdown]
# Three ways to read the same topic: by probability (often the words of every page), by frequency and exclusivity (FREX),
# and by relevance, which weighs a word against its share of all text. 三种排序：概率、FREX、相关度。

# %%
answers.topic_terms(study, language=language)

# %% [markdown]
# ## Read before you name
#
# The text that has most of each topic. A name that does not fit these texts is wrong. Names that you write into the
# `topic_names.csv` of `policy-themes topics` follow the topic through later fits. 命名之前先读原文：

# %%
answers.exemplars(study, language=language)

# %% [markdown]
# ## Would another fit have found them?
#
# Three shorter fits with other seeds, topics matched one to one. Below a cosine of .90 a topic says more about the seed
# than about the texts: the figures below draw it grey, and its effects are withheld. 其他拟合能否重现这些话题？

# %%
answers.stability(study, language=language)

# %% [markdown]
# Over several K, and beside the same text with its words dealt out anew, in which there is nothing to find. Here three
# seeds, so that it is quick; ten or more say something. No curve chooses K: you do, by what the topics are for.
# 不同话题数的对照；任何曲线都不替人选 K。

# %%
charts.topic_quality(study, language=language, n_seeds=3)

# %% [markdown]
# ## Another engine
#
# The topics above were drawn word by word (Gibbs sampling, tomotopy); these come from variational inference (gensim).
# What both show does not hang on the method. 换一种算法，两者皆有的话题更可信：

# %%
charts.topic_words(study.with_topics(engine="gensim"), language=language)

# %% [markdown]
# ## By year
#
# The mean share of the text over the documents of a year; grey topics are those that other fits do not find. Where most
# are grey, the sizes of the others are off as well (they shrink), so read who has more, not how much more. 各年占比：

# %%
charts.topic_prevalence(study, by="year", language=language)

# %% [markdown]
# ## By region
#
# In a small folder a topic is often simply one document: it fills one column and leaves the others empty. Then the
# figure shows the order of the files and nothing else. 小语料中，一个话题往往就是一篇文献。

# %%
charts.topic_prevalence(study, by="region_code", language=language)

# %% [markdown]
# ## Themes and topics
#
# Of the hits of each theme, which share stands in which topic? A row in one column: theme and topic mean much the same.
# A row spread over all: the theme is a formula used everywhere. A column without themes: read its words above and ask
# whether a theme is missing from the lexicon. 主题落在哪些话题；空列提示词典可能有遗漏。

# %%
charts.theme_topics(study, language=language)

# %% [markdown]
# ## Three measures, one theme
#
# The lexicon's rate, the TF-IDF weight of the theme's words, and the share of the topic that holds most of its hits. If
# all three agree on the highest group, the finding does not hang on one method. They use the same texts, though:
# agreement is no independent proof. 三种度量一致，只说明结论不依赖单一方法。

# %%
three = charts.triangulation(study, theme=theme, by="year", language=language)
three

# %% [markdown]
# Do they agree? 是否一致？

# %%
three.says

# %% [markdown]
# The same by region. Differences between regions carry no interval here, and none that clusters by region would be
# valid. 各地区：

# %%
charts.triangulation(study, theme=theme, by="region_code", language=language)

# %% [markdown]
# ## What goes with the topics of a theme
#
# Region and time together, on the sum of the topics in which the theme stands: proportions are drawn many times, so that
# what the model does not know is in the interval, and years are the unit. Where the topics are not found again the size
# is withheld, and the note says so; rates (notebooks 03 and 04) have one. 地区与时间对该主题所在话题的影响：

# %%
answers.topic_effects(study, TopicQuestion(f"theme-topics:{theme}", "~ region + s(year)"), language=language)

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** which words go together in these passages, which of these groups other fits find again, and where to read next.
#
# **May not:** that a topic is a policy, or that a grey topic rises. Name a topic only after reading passages that have
# much of it, and let two people try to tell its words from strangers (`policy-themes intrusion sheet`).
#
# **On the five seeds:** five documents give some forty passages, hardly enough for eight topics, most of which other fits
# do not find. With so few, a topic is as much a habit of one document or its translator as a subject. Use it to learn how
# the figures read, for nothing else.
#
# 可以说：哪些词常在一起、哪些话题可重现、下一步读哪里。不可以说：话题即政策、灰色话题在上升。
# 五篇示例的话题主要反映各篇自身与译法，只供学习读图。
