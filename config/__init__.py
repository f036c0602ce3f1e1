"""What a team sets: typed settings, defaults, industry packs, and the clock."""
