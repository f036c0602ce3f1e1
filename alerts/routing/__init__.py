"""Who is told, and when: the route tree, groups, silences, inhibition, and why."""
