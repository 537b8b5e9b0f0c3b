"""Open the web app, with the demo forum on the first start: `python app.py` or `make run`."""

import sys

from threadwise.cli import main

if __name__ == "__main__":
    main(["serve", "--demo", *sys.argv[1:]])
