"""Speed and quality, each figure against a reference that runs in the same process in turn."""
