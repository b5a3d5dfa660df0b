"""Lets `python -m generator` do what `platformc` does."""

import sys

from generator.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
