"""Stocktake on AWS: makes the package and the template, and deploys, configures and removes them.

Never part of the package itself. Each command is a module: `python -m deploy`, `deploy.package`,
`deploy.destroy`, `deploy.secret`, `deploy.token`.
"""
