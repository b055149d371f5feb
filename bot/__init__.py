"""Chipwire: alerts on market-moving semiconductor trade news."""

__version__ = "0.1.0"
