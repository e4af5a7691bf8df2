"""Broadsheet: a self-hosted, multilingual news portal, newsroom and readers' site."""

__version__ = "0.1.0"
