"""WARC: write, read, index, recover, verify. Knows nothing of reports."""
