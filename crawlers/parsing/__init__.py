"""From what a source wrote to an item: texts, dates, ratings, markup, files and mails, read without trust."""
