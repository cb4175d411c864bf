"""Statistics: arrays in, numbers out. Needs numpy alone, and knows no KPI."""
