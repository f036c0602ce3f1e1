"""The crawling process: jobs in, handovers out, one source from beginning to end; and recordings played again."""
