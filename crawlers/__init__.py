"""Collects mentions: one file a source kind, run as Scrapy spiders in a child process."""
