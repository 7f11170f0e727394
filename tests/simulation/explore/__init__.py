"""Explore many schedules: people, console changes, operators and faults, all chosen by a seed."""

from tests.simulation.explore.mutant import install

install()  # before the product is imported
