"""The command line, one file a command. Heavy imports stay inside the functions: --help must answer at once."""
