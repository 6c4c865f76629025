"""Stocktake's functions as Lambda runs them, and what they weigh: `make bench`.

Never part of the package itself. `function` runs a handler of an unpacked package against a stand-in of
the Lambda Runtime API; the tests use it, too. The other modules measure and print.
"""
