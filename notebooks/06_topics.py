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
#
# 我的词典漏了什么？话题模型（LDA）不知道主题词典，可作旁证。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
from policy_themes.report import charts
from policy_themes.study import open_study

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
# ## By year
#
# The mean share of the text over the documents of a year. One fit, one seed: another seed may split a topic in two or
# merge two, so a column that looks striking is a question, not an answer. 各年占比：

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
# ## What may be concluded, what may not · 结论与限度
#
# **May:** which words go together in these passages, and where to read next.
#
# **May not:** that a topic is a policy, that a topic rises, or that a region prefers it. Stability over seeds and over
# K is not measured here. Name a topic only after reading passages that have much of it.
#
# **On the five seeds:** five documents give some twenty passages, hardly enough for four topics. With so few, a topic is
# as much a habit of one document or its translator as a subject. Use it to learn how the figures read, for nothing else.
#
# 可以说：哪些词常在一起、下一步读哪里。不可以说：话题即政策、话题在上升。
# 五篇示例的话题主要反映各篇自身与译法，只供学习读图。
