"""Stocktake deployed for real, to an AWS that runs on this machine. `make test-deploy` runs what is here."""
