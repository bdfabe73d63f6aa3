"""``python -m policy_themes``: the command line."""

from policy_themes.cli import main

if __name__ == "__main__":
    main()
