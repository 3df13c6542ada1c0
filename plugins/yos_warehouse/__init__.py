"""The YOS Warehouse: youth justice feeds in, tested marts out."""

__version__ = "0.1.0"
