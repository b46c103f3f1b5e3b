"""Experiments with a known answer."""
