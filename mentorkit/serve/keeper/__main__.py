"""`python -m mentorkit.serve.keeper --home DIR --address unix:PATH`, the secret on standard input."""

import sys

from mentorkit.serve.keeper.process import main

if __name__ == "__main__":
    sys.exit(main())
