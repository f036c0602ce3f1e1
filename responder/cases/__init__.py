"""Cases: opened, moved by the one transition table, clocked, merged, worked on."""
