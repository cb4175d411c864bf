"""Is it a good KPI: SMART against the plan and the data, one file a letter; the balance of the set."""
