"""`python -m threadwise` is the `threadwise` command."""

from threadwise.cli import main

if __name__ == "__main__":
    main()
