"""How is it going: period, baseline, target, pace, status -> Reading. Never runs SQL."""
