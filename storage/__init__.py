"""The nouns: tables, sessions, queries one file a noun, the event chain, the delivery log."""
