"""What a message says, safe to show, in Japanese and English; and the rows that carry it."""
