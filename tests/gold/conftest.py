"""Keep pytest from importing the two scripts of this folder for doctests: their libraries may be missing."""

collect_ignore = ["make_pages.py", "check_pages.py"]
