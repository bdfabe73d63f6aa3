"""Compare policy themes across years and regions, in Chinese and in English."""

__version__ = "0.1.0"
