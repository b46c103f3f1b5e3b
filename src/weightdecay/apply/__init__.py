"""A decay on the user's own model and optimizer.

Nothing is imported here: conversion of λ needs no torch, and the command line starts without it.
"""
