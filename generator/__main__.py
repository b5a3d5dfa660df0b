"""Where `platformc` and `python -m generator` begin and end."""

import gc
import os
import sys
from typing import NoReturn


def run() -> NoReturn:
    """Run the command line, and end the process with its status.

    The system takes all memory back at once: tidying it up first would be a twentieth of a short run. Whoever is to see
    how the interpreter ends, a profiler say, sets `PLATFORMC_DEBUG=1`.
    """
    # What a run makes, it needs until it ends: collecting garbage would only cost it a tenth of its time.
    gc.disable()
    try:
        from generator.cli.main import main  # takes long enough for somebody to change their mind

        status = main()
    except KeyboardInterrupt:
        status = 130
        os.write(2, b"interrupted\n")
    if os.environ.get("PLATFORMC_DEBUG") == "1":
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            continue  # nobody listens; what matters was flushed where that is noticed
    os._exit(status)


if __name__ == "__main__":
    run()
