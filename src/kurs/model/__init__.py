"""Frozen nouns: strategy, goal, KPI, action, metric, table, segment, calendar, target."""
