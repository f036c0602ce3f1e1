"""How sites are asked: politely, on public networks alone, and with what the operator may."""
