"""The true formats in which the sites of the sample brand answer, one file a kind of site."""
