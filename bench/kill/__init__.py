"""Kill writers at random moments and check that nothing acknowledged is lost; see `__main__`."""
