"""kurs keeps marketing on course: a plan as text, every KPI computed, judged and explained."""

__version__ = "0.1.0"
__all__ = ["__version__"]
