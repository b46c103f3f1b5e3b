"""``python -m weightdecay``: the command line."""

from weightdecay.cli import main

if __name__ == "__main__":
    main()
