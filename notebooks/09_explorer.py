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
# # 09 · What stands behind this point?
#
# From any point on a figure back to the sentence: choose a theme, a year, a region with the mouse or the keyboard; every
# other picture follows, and the passages open in the whole document.
#
# 图上的任一点背后是哪句话？用鼠标或键盘选择主题、年份与地区，其余图表随之变化，并可打开原文。

# %% tags=["parameters"]
FOLDER = "../seeds"
STUDY = None

# %%
from policy_themes.explore import View, chart, explore
from policy_themes.study import open_study

study = open_study(FOLDER, STUDY)

# %% [markdown]
# A view is everything that decides what is shown. It begins with the theme that the figures show first, in the language
# of most documents. 视图记录所看的一切；从最常见的主题开始：

# %%
language = study.languages[0]
theme = (study.featured(language) or study.lexicon.ids)[0]
view = View(language=language, theme=theme)

# %% [markdown]
# The explorer: tab to a picture, move among its marks with the arrow keys, choose with Enter; chosen again, a mark lets
# go. Each panel says whether what it shows is *clear*, *uncertain*, or *cannot be said*. Outside of Jupyter the same page
# opens with `policy-themes explore FOLDER`. 交互浏览（在 Jupyter 中显示；命令行同样可用）：

# %%
explorer = explore(study, view)
explorer

# %% [markdown]
# What is looked at now is known here too, so that a finding does not stay a click. 当前视图可在代码中取用：

# %%
explorer.current.content()

# %% [markdown]
# "Copy as code" gives a cell like this one: the same picture, with its numbers and its caption. 与“复制为代码”所得相同：

# %%
ranking = chart(study, explorer.current, "ranking")
ranking

# %% [markdown]
# In words, and the numbers that were drawn. 文字与所绘数值：

# %%
ranking.says

# %%
ranking.values.head(12)

# %% [markdown]
# "Save this view" writes the picture as svg, pdf and png with its csv, its json and the view itself into a folder beside
# the documents, never among them. A view travels as the address of the page or as a small file, and is read back strictly.
# 保存视图会写出图、数据与视图文件；视图可用地址或文件分享：

# %%
address = explorer.current.to_address()
View.from_address(address), address

# %% [markdown]
# ## What may be concluded, what may not · 结论与限度
#
# **May:** which documents stand behind a number, and what they say in their own words; whether a difference holds
# whichever of the eight ways is counted (*clear*).
#
# **May not:** that a pattern found by clicking about is a finding. Who looks at many cells finds some that stand out by
# chance; nothing here is tested. Take what you found to the notebooks on years, regions and differences.
#
# **On the five seeds:** every cell holds one document, so that nearly everything is *uncertain*, or *cannot be said*.
#
# 可以说：某个数字背后是哪些文献、原文如何表述。不可以说：随意点击所见的规律就是结论——看得多了，总有格外显眼的偶然；此处不作检验。示例每格一篇，几乎全部为“不确定”。
