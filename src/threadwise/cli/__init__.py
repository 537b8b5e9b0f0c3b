"""The command line: read arguments, call one Assistant method, show the result."""
