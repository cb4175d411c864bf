"""The management report: one set of words, laid out as a page and on paper."""
