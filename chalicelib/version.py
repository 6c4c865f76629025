"""The version of Stocktake."""

VERSION = "0.1.0"
